/**
 * Where a flusher's lines go: standard output, the agent's own log, or a file (`line_file.ts`). What a line is made of is left to the
 * flushers.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";

/** Takes lines. Called by one flusher only, one call at a time. */
export interface LineTarget {
  /**
   * Writes whole lines, each with its newline. `lines` may be overwritten when it resolves.
   *
   * @returns true when they are there for good; false when they are not, because `close` came first.
   */
  write(lines: Uint8Array): Promise<boolean>;
  /** Gives up what cannot be written now, and lets go of everything. */
  close(): void;
}

/** Standard output. */
export function standardOutput(env: Pick<Env, "writeStdout">): LineTarget {
  return {
    async write(lines) {
      await env.writeStdout(lines);
      return true;
    },
    close() {},
  };
}

/** The agent's own log, where each line becomes an information. */
export function agentLog(log: Pick<Log, "info">): LineTarget {
  return {
    write(lines) {
      for (const line of new TextDecoder().decode(lines).trimEnd().split("\n")) log.info(line);
      return Promise.resolve(true);
    },
    close() {},
  };
}
