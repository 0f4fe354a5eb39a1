/**
 * What a test needs of the machine. Where it is missing the test is skipped loudly, or fails where everything is required
 * (`SLUICE_TEST_REAL=required`, as in continuous integration).
 *
 * @module
 */

/**
 * Tells whether a test can run here.
 *
 * @returns `met`; when false, a line `SKIPPED: …` was printed, which the test task counts.
 * @throws {Error} when `met` is false and `SLUICE_TEST_REAL=required`.
 */
export function needs(requirement: string, met: boolean): boolean {
  if (met) return true;
  if (Deno.env.get("SLUICE_TEST_REAL") === "required") throw new Error(`This machine lacks ${requirement}`);
  console.log(`SKIPPED: this machine lacks ${requirement}`);
  return false;
}

/** Tells whether a program is on this machine's PATH. */
export function hasProgram(name: string): boolean {
  const directories = (Deno.env.get("PATH") ?? "").split(":");
  return directories.some((directory) => {
    try {
      return Deno.statSync(`${directory}/${name}`).isFile;
    } catch {
      return false;
    }
  });
}
