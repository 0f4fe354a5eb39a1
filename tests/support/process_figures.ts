/**
 * What the operating system tells of a process: for tests that ask whether it leaks.
 *
 * @module
 */

/** USER_HZ is 100 on every architecture that Linux runs on today. */
const TICK_MS = 10;

/** What a process has in memory now, in bytes. */
export function residentBytes(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Number of open file descriptors of every kind. */
export function openFiles(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/** Processor time that a process has used so far, in milliseconds: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. */
export function processorMs(pid: number): number {
  const [, rest] = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ");
  const fields = rest.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
