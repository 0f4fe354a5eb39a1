/**
 * A table in Markdown, as `deno fmt` writes it: columns as wide as their widest cell.
 *
 * @module
 */

/** The least width of a column: its rule has three dashes. */
const WIDTH_MIN = 3;

/** @returns the lines of the table. Cells are Markdown already, without blanks around; only `|` is escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.trim().replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(WIDTH_MIN, ...cells.map((row) => widthOf(row[column]))));
  const [first, ...others] = cells.map((row) => lineOf(row, widths));
  return [first, lineOf(widths.map((width) => "-".repeat(width)), widths), ...others];
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  return `| ${row.map((cell, column) => cell + " ".repeat(widths[column] - widthOf(cell))).join(" | ")} |`;
}

function widthOf(cell: string): number {
  return [...cell].length;
}
