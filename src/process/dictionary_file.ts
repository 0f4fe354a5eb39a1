/**
 * A dictionary in a file of CSV: two fields in each line, a value and what it is translated to.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/dictmap/processor_dict_map.go
 *
 * @module
 */
import { tryCsvRecord } from "./csv_record.ts";
import { type FileLine, type FileReport, type OptionFiles, tryReadOptionFile } from "./option_files.ts";

const FORMAT = { separator: ",", trimsLeadingSpace: false } as const;

/** @returns the words; undefined when the file cannot be read. What is wrong goes to `report`. */
export function tryDictionary(
  file: string,
  files: OptionFiles,
  report: FileReport,
): ReadonlyMap<string, string> | undefined {
  const text = tryReadOptionFile(file, files, report);
  if (text === undefined) return undefined;
  const words = new Map<string, string>();
  for (const one of csvLines(text)) addWord(one, words, report);
  return words;
}

function addWord({ line, text }: FileLine, words: Map<string, string>, report: FileReport): void {
  const fields = tryCsvRecord(`${text}\n`, FORMAT);
  if (fields?.length !== 2) return report(`line ${line} must have two fields, a value and its translation`);
  const [from, to] = fields;
  const before = words.get(from);
  if (before !== undefined && before !== to) report(`line ${line} translates "${from}" again, to another text`);
  else words.set(from, to);
}

/** A field in quotes may go on in the next line. Empty lines do not count. */
function csvLines(text: string): FileLine[] {
  const lines: FileLine[] = [];
  let open: FileLine | undefined;
  text.split("\n").forEach((line, index) => {
    const joined: FileLine = open === undefined ? { line: index + 1, text: line } : {
      line: open.line,
      text: `${open.text}\n${line}`,
    };
    const isOpen = joined.text.split('"').length % 2 === 0;
    open = isOpen ? joined : undefined;
    if (!isOpen && joined.text.trim() !== "") lines.push(joined);
  });
  return open === undefined ? lines : [...lines, open];
}
