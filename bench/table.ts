/**
 * Tables of text with aligned columns.
 *
 * @module
 */

/** One column. */
export interface Column<Result> {
  readonly head: string;
  /** Text begins at the left; numbers, which are the rule, end at the right. */
  readonly isText?: boolean;
  /** The cell of a row, which may depend on the others. */
  readonly cell: (row: Result, all: readonly Result[]) => string;
}

/** The table with a line of heads; empty when there are no rows. */
export function aligned<Result>(columns: readonly Column<Result>[], results: readonly Result[]): string {
  if (results.length === 0) return "";
  const rows = [
    columns.map(({ head }) => head),
    ...results.map((row) => columns.map(({ cell }) => cell(row, results))),
  ];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index].length)));
  const padded = (cell: string, index: number) => {
    return columns[index].isText ? cell.padEnd(widths[index]) : cell.padStart(widths[index]);
  };
  return rows.map((row) => row.map(padded).join("  ").trimEnd()).join("\n");
}
