/**
 * What a process has cost so far, as the kernel counts it. Formats: https://man7.org/linux/man-pages/man5/proc.5.html and
 * https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat
 *
 * @module
 */

/** Linux counts CPU time in hundredths of a second on every architecture that this runs on. */
const TICKS_PER_SECOND = 100;
/** User and system time are rounded down, each on its own. */
const PROCESS_TIME_ERROR_S = 2 / TICKS_PER_SECOND;
const USER_TIME_FIELD = 14;
const SYSTEM_TIME_FIELD = 15;
/** The fields are counted from one, and the first two end with the name in parentheses, which may hold spaces. */
const FIELDS_BEFORE_STATE = 3;

/** The cost of a process with all its threads. */
export interface ProcessCost {
  readonly cpuS: number;
  /** Its resident size now, in megabytes of 10^6 bytes. */
  readonly rssMB: number;
  /** The largest so far. */
  readonly rssPeakMB: number;
}

/** Reads the cost of the process `pid`. @throws when it does not exist any more. */
export function processCost(pid: number): ProcessCost {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[USER_TIME_FIELD - FIELDS_BEFORE_STATE]) +
    Number(fields[SYSTEM_TIME_FIELD - FIELDS_BEFORE_STATE]);
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return { cpuS: ticks / TICKS_PER_SECOND, rssMB: sizeMB(status, "VmRSS"), rssPeakMB: sizeMB(status, "VmHWM") };
}

function sizeMB(status: string, name: string): number {
  const sizeKiB = Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
  return sizeKiB * 1024 / 1e6;
}

/** Of the machine's first line: user, nice, system, idle, waiting for disks, interrupts and so on; all in ticks. */
const IDLE_FIELDS = [3, 4];
const GUEST_FIELDS_FROM = 8;

/** The CPU time that all cores of the machine have used so far, whoever used it, in seconds. */
export function machineCpuS(): number {
  const [line] = Deno.readTextFileSync("/proc/stat").split("\n", 1);
  const ticks = line.split(/ +/).slice(1).map(Number).slice(0, GUEST_FIELDS_FROM);
  return ticks.reduce((sum, value, index) => IDLE_FIELDS.includes(index) ? sum : sum + value, 0) / TICKS_PER_SECOND;
}

/** The CPU time of a process so far, counted in two ways. */
export interface CpuReading {
  /** Of the process with all threads that it ever had, in seconds: exact to about two hundredths. */
  readonly processS: number;
  /** Of each living thread, in nanoseconds by its number. */
  readonly threadsNs: ReadonlyMap<string, number>;
}

/** Reads the CPU time of the process `pid`. @throws when it does not exist any more. */
export function readCpu(pid: number): CpuReading {
  const threadsNs = new Map<string, number>();
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    try {
      threadsNs.set(name, Number(Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`).split(" ")[0]));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // it has just ended
    }
  }
  return { processS: processCost(pid).cpuS, threadsNs };
}

/**
 * The CPU time in seconds between two readings: that of the threads, because hundredths of a second are coarse for a process at
 * rest; that of the process where it is clearly more, because threads have ended in between.
 */
export function cpuSecondsBetween(before: CpuReading, after: CpuReading): number {
  let nanoseconds = 0;
  for (const [thread, time] of after.threadsNs) nanoseconds += time - (before.threadsNs.get(thread) ?? 0);
  const threadsS = nanoseconds / 1e9;
  const processS = after.processS - before.processS;
  return processS - threadsS > PROCESS_TIME_ERROR_S ? processS : threadsS;
}
