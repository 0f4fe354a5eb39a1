/**
 * What processors are made with, besides their options: the same for all, so that `src/plugins.ts` makes each in one line.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import type { KernelColumns } from "../kernel/kernel_columns.ts";
import type { Log } from "../core/log.ts";

/** The world as processors see it. */
export interface ProcessorContext {
  /** Takes a throttled line about records that a processor could not work on. */
  readonly log: Pick<Log, "throttled">;
  /** The columns of the pipeline's kernel; undefined: there are only texts. */
  readonly columns?: KernelColumns;
  readonly env: Pick<Env, "now" | "hostName" | "hostIp" | "tryVariable">;
}
