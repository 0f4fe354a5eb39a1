/**
 * Writes lines to many logs at a steady rate, as containers do: a few at a time, in turns.
 *
 * @module
 */

/** One log, and what it is given next. */
export interface LineWriterOptions {
  readonly paths: readonly string[];
  /** Over all logs. */
  readonly linesPerSecond: number;
  /** How many lines a log is given at once. */
  readonly linesPerWrite: number;
  readonly seconds: number;
  /** The bytes of so many lines, made just before they are written. */
  readonly lines: (count: number) => Uint8Array;
}

/** What was written. */
export interface Written {
  readonly lines: number;
  readonly bytes: number;
}

const STEP_MS = 1;

/** Writes for so long; where the machine is too slow for the rate, it catches up. */
export async function writeLines(options: LineWriterOptions): Promise<Written> {
  const { paths, linesPerSecond, linesPerWrite, seconds, lines } = options;
  const files = paths.map((path) => Deno.openSync(path, { append: true }));
  const started = performance.now();
  let written = 0;
  let bytes = 0;
  try {
    for (let turn = 0; performance.now() - started < seconds * 1000;) {
      const due = (performance.now() - started) * linesPerSecond / 1000;
      for (; written + linesPerWrite <= due; written += linesPerWrite) {
        bytes += files[turn++ % files.length].writeSync(lines(linesPerWrite));
      }
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  } finally {
    for (const file of files) file.close();
  }
  return { lines: written, bytes };
}
