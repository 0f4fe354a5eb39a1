/**
 * Where the lines of a `flusher_stdout` go, by its options.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { LineFile } from "./line_file.ts";
import { agentLog, type LineTarget, standardOutput } from "./line_target.ts";
import { RollingFile } from "./rolling_file.ts";
import { CountedSiblings } from "./sibling_files.ts";
import type { FlusherStdoutOptions } from "./stdout_options.ts";

/** Makes the target; a file is opened with the first lines. */
export function stdoutTarget(options: FlusherStdoutOptions, env: Env, log: Log): LineTarget {
  const { target, fileBytesMax, siblingsMax } = options;
  if (target === "standard output") return standardOutput(env);
  if (target === "agent's log") return agentLog(log);
  const order = new CountedSiblings(fileBytesMax, siblingsMax);
  return new LineFile(new RollingFile(env.files, { path: target.path, order, isSynced: false }), env, log);
}
