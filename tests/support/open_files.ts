/**
 * Which files this process has open. Tests run side by side in one process, so that only files of one's own directory count.
 *
 * @module
 */

/** Paths below `directory` that this process has open, also those of deleted files. */
export function openFilesBelow(directory: string): string[] {
  const targets = [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => tryTarget(name));
  return targets.filter((target) => target !== undefined).filter((target) => target.startsWith(`${directory}/`));
}

/** A descriptor may be closed between listing and looking. */
function tryTarget(descriptor: string): string | undefined {
  try {
    return Deno.readLinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}
