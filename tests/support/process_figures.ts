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

/** Number of files and directories that it has the kernel watch: https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html. */
export function watches(pid: number): number {
  const texts = [...Deno.readDirSync(`/proc/${pid}/fdinfo`)].map(({ name }) => tryRead(`/proc/${pid}/fdinfo/${name}`));
  return texts.reduce((sum, text) => sum + (text.match(/^inotify wd:/gm)?.length ?? 0), 0);
}

/** Empty where the descriptor was closed meanwhile. */
function tryRead(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** Processor time that a process has used so far, in milliseconds: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. */
export function processorMs(pid: number): number {
  const [, rest] = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ");
  const fields = rest.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
