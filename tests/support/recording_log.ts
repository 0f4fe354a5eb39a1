/**
 * A log that keeps its lines, for tests that care what is said and how often.
 *
 * @module
 */
import type { Log } from "../../src/core/log.ts";

/** Keeps every line as `level: message`; throttles nothing. */
export class RecordingLog implements Log {
  readonly lines: string[] = [];

  info(message: string): void {
    this.lines.push(`info: ${message}`);
  }

  warn(message: string): void {
    this.lines.push(`warn: ${message}`);
  }

  error(message: string): void {
    this.lines.push(`error: ${message}`);
  }

  throttled(key: string, message: string): void {
    this.lines.push(`throttled ${key}: ${message}`);
  }
}
