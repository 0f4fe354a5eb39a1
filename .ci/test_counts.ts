/**
 * Counts what `deno test` reports, from its output, line by line. A test that printed `SKIPPED: …` counts as skipped although it
 * passed (see tests/support/requirement.ts). A run that ended without its summary counts as one failure.
 *
 * @module
 */

const SUMMARY = /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \([^)]*\))?(?: \| (\d+) ignored)?/;
// deno-lint-ignore no-control-regex -- terminal colours begin with the escape character
const COLOUR = /\u001b\[[0-9;]*m/g;

/** How many tests did what. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Gathers the counts of one run. */
export class TestCounter {
  #summary: TestCounts | undefined;
  #skippedLoudly = 0;

  /** Takes one line of output, without its newline. */
  add(line: string): void {
    const plain = line.replace(COLOUR, "").trim();
    if (plain.startsWith("SKIPPED:")) this.#skippedLoudly++;
    const match = SUMMARY.exec(plain);
    if (match) this.#summary = { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3] ?? 0) };
  }

  /** The counts, once the run has ended with `success` or without. */
  counts(success: boolean): TestCounts {
    const { passed, failed, skipped } = this.#summary ?? { passed: 0, failed: 1, skipped: 0 };
    return {
      passed: Math.max(0, passed - this.#skippedLoudly),
      failed: success || failed > 0 ? failed : 1,
      skipped: skipped + this.#skippedLoudly,
    };
  }
}
