/**
 * One line of CSV, read and written as Go does. Source: https://pkg.go.dev/encoding/csv
 *
 * @module
 */

const LINE_END = /\r?\n/g;

/** How a line is read. */
export interface CsvFormat {
  /** One character. */
  readonly separator: string;
  readonly trimsLeadingSpace: boolean;
}

/** A field, and where it ends: at a separator or the end. */
interface CsvField {
  readonly text: string;
  readonly end: number;
}

/** @returns the fields; undefined where a quote is wrong, or more than one line is there. */
export function tryCsvRecord(value: string, format: CsvFormat): string[] | undefined {
  const line = value.replace(/^(?:\r?\n)+/, "").replace(/\r?\n$/, "");
  const fields: string[] = [];
  for (let at = 0; at <= line.length;) {
    if (format.trimsLeadingSpace) at = behindBlanks(line, at);
    const field = line[at] === '"' ? tryQuoted(line, at) : tryPlain(line, at, format.separator);
    if (field === undefined || (field.end < line.length && line[field.end] !== format.separator)) return undefined;
    fields.push(field.text);
    at = field.end + 1;
  }
  return fields;
}

function behindBlanks(line: string, at: number): number {
  const blanks = /\s*/y;
  blanks.lastIndex = at;
  blanks.test(line);
  return blanks.lastIndex;
}

function tryPlain(line: string, at: number, separator: string): CsvField | undefined {
  const next = line.indexOf(separator, at);
  const end = next < 0 ? line.length : next;
  const text = line.slice(at, end);
  return /["\n]/.test(text) ? undefined : { text, end };
}

function tryQuoted(line: string, at: number): CsvField | undefined {
  const texts: string[] = [];
  for (let from = at + 1, quote = line.indexOf('"', from); quote >= 0; quote = line.indexOf('"', from)) {
    texts.push(line.slice(from, quote));
    if (line[quote + 1] !== '"') return { text: texts.join('"').replace(LINE_END, "\n"), end: quote + 1 };
    from = quote + 2;
  }
  return undefined;
}

/** @returns the line, without its end. */
export function csvText(fields: readonly string[], separator: string): string {
  return fields.map((field) => needsQuotes(field, separator) ? `"${field.replaceAll('"', '""')}"` : field)
    .join(separator);
}

function needsQuotes(field: string, separator: string): boolean {
  return field === "\\." || field.includes(separator) || /["\r\n]|^\s/.test(field);
}
