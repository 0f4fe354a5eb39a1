/**
 * What a process has cost so far, as the kernel counts it. Format: https://man7.org/linux/man-pages/man5/proc.5.html
 *
 * @module
 */

/** Linux counts CPU time in hundredths of a second on every architecture that this runs on. */
const TICKS_PER_SECOND = 100;
const USER_TIME_FIELD = 14;
const SYSTEM_TIME_FIELD = 15;
/** The fields are counted from one, and the first two end with the name in parentheses, which may hold spaces. */
const FIELDS_BEFORE_STATE = 3;

/** The cost of a process with all its threads. */
export interface ProcessCost {
  readonly cpuS: number;
  /** The largest resident size so far, in megabytes of 10^6 bytes. */
  readonly rssPeakMB: number;
}

/** Reads the cost of the process `pid`. @throws when it does not exist any more. */
export function processCost(pid: number): ProcessCost {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[USER_TIME_FIELD - FIELDS_BEFORE_STATE]) +
    Number(fields[SYSTEM_TIME_FIELD - FIELDS_BEFORE_STATE]);
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const peakKiB = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
  return { cpuS: ticks / TICKS_PER_SECOND, rssPeakMB: peakKiB * 1024 / 1e6 };
}
