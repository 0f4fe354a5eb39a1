/**
 * Keeps kafkajs 2.2.4 from cluttering standard error: its request queue asks for timers in the past, and the run time warns of
 * each process that does. https://github.com/tulios/kafkajs/issues/1751
 *
 * @module
 */
import process from "node:process";

/** Drops the run time's warnings of this process. Errors are not concerned. */
export function dropWarnings(): void {
  process.removeAllListeners("warning");
}
