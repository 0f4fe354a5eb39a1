/**
 * The agent's own log, as the stages see it. `observe/log` implements it over the logging library; tests collect it.
 *
 * @module
 */

/** Writes one line about the agent itself. `key` identifies the situation: repeats of a throttled key are counted, not written. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** Like `warn`, but at most once a minute for the same `key`; the next line says how many were left out. */
  throttled(key: string, message: string): void;
}
