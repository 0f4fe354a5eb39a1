/**
 * The file `bench/results.json`, and all tables of what it holds. Ratios are what counts: the figures of one machine mean little on
 * another.
 *
 * @module
 */
import type { Row, Suite } from "./suite.ts";

/** Reads the text of a file of results. An empty one has none. @throws {SyntaxError} when it is not JSON. */
export function parseResults(text: string): Row[] {
  return text.trim() === "" ? [] : JSON.parse(text);
}

/** `before` with the rows of the modes in `after` replaced, ordered by `modes`: ratios mean something only within one run. */
export function updated(before: readonly Row[], after: readonly Row[], modes: readonly string[]): Row[] {
  const measured = new Set(after.map(({ mode }) => mode));
  const rows = [...before.filter(({ mode }) => !measured.has(mode)), ...after];
  return rows.toSorted((left, right) => modes.indexOf(left.mode) - modes.indexOf(right.mode));
}

/** The tables of all suites that have rows, with an empty line between two. */
export function tablesOf(rows: readonly Row[], suites: readonly Suite[]): string {
  return suites.map((suite) => suite.table(rows)).filter((table) => table !== "").join("\n\n");
}
