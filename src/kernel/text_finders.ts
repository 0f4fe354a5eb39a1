/**
 * What the kernel exports for making columns of texts (`kernel_columns.ts`). Addresses and sizes in bytes; rows [rowFrom, rowTo).
 *
 * @module
 */

/** What the kernel finds in texts. */
export interface TextFinders {
  /** Runs a program of `assembly/captures.ts` over the rows of a column. */
  captureRows(
    state: number,
    program: number,
    groups: number,
    source: number,
    rowFrom: number,
    rowTo: number,
    firstColumn: number,
    statuses: number,
  ): number;
  /** Scans JSON objects; see `assembly/json.ts`. */
  scanJsonRows(
    state: number,
    scanner: number,
    source: number,
    rowFrom: number,
    rowTo: number,
    firstColumn: number,
    shapes: number,
  ): number;
  /** Scans pairs of names and values; see `assembly/pairs.ts`. */
  scanPairRows(
    state: number,
    scanner: number,
    source: number,
    rowFrom: number,
    rowTo: number,
    firstColumn: number,
    delimiter: number,
    separator: number,
    quote: number,
    shapes: number,
  ): number;
  /** Cuts texts at a separator; see `assembly/cut.ts`. */
  cutRows(
    state: number,
    source: number,
    rowFrom: number,
    rowTo: number,
    firstColumn: number,
    columns: number,
    separator: number,
    size: number,
    asking: number,
    flags: number,
    counts: number,
  ): void;
  /** Makes texts of insides of JSON strings; see `assembly/json_unescape.ts`. */
  unescapeRows(
    state: number,
    source: number,
    target: number,
    rowFrom: number,
    rowTo: number,
    arenaEnd: number,
  ): number;
  /** Whether a text matches a pattern; see `assembly/pattern.ts`. */
  matchPattern(table: number, start: number, end: number): number;
}

/** How texts are cut. */
export interface CutRules {
  /** One to four ASCII characters. */
  readonly separator: string;
  /** At most two ASCII characters; a text that has one of them is the host's. */
  readonly asking: string;
  /** How many pieces there are columns for, at least 1. */
  readonly columns: number;
  /** Whether the last of them takes the rest; otherwise a text with more pieces is the host's. */
  readonly takesRest: boolean;
  /** Whether that rest begins with the separator before it. */
  readonly restHasSeparator: boolean;
  /** Whether spaces before, and spaces and carriage returns behind a text do not count; one without anything else is the host's. */
  readonly trims: boolean;
  /** Whether an empty piece at the end is none. */
  readonly dropsEmptyLast: boolean;
}

/** How texts are pairs. All are ASCII characters. */
export interface PairRules {
  /** Ends pairs. */
  readonly delimiter: string;
  /** Another one, between name and value. */
  readonly separator: string;
  /** A third one, around values; `""`: none. */
  readonly quote: string;
}
