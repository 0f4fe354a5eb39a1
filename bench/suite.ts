/**
 * A suite: modes that are measured in the same way and reported in a table of their own. `suites.ts` has the list of them; a new way
 * of measuring is a file with a suite and a line in that list.
 *
 * @module
 */
import type { Setting } from "./agent_process.ts";
import type { BenchOptions } from "./options.ts";
import { aligned, type Column } from "./table.ts";

/** A row of `bench/results.json`: what one agent has shown in one mode. Suites add their figures. */
export interface Row {
  readonly agent: string;
  readonly mode: string;
}

/** What makes a suite. */
export interface SuiteParts<Result extends Row> {
  /** The names of its modes, for `--only`, in the order of the table. No other suite has them. */
  readonly modes: readonly string[];
  /** Measures one mode. @throws {Error} when an agent does not deliver what it should. */
  readonly measure: (setting: Setting, options: BenchOptions, mode: string) => Promise<Result[]>;
  readonly columns: readonly Column<Result>[];
}

/** A suite of any kind. */
export interface Suite {
  readonly modes: readonly string[];
  readonly measure: (setting: Setting, options: BenchOptions, mode: string) => Promise<Row[]>;
  /** The table of its rows among `rows`; empty when there are none. */
  readonly table: (rows: readonly Row[]) => string;
}

/** A suite whose results are known. */
export interface SuiteOf<Result extends Row> extends Suite {
  /** Its rows among `rows`. */
  readonly own: (rows: readonly Row[]) => Result[];
}

/** Makes a suite. */
export function suiteOf<Result extends Row>({ modes, measure, columns }: SuiteParts<Result>): SuiteOf<Result> {
  // Rows come from a file too: their mode says which suite has written them.
  const isOwn = (row: Row): row is Result => modes.includes(row.mode);
  const own = (rows: readonly Row[]) => rows.filter(isOwn);
  return { modes, measure, own, table: (rows) => aligned(columns, own(rows)) };
}

/** Tells on standard error how far the bench is. */
export function say(text: string): void {
  console.error(`bench: ${text}`);
}
