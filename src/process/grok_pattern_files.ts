/**
 * Files of grok patterns: in each line a name, a blank and the pattern. Empty lines and those that begin with `#` or `"` are
 * comments. Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/grok/processor_grok.go
 *
 * @module
 */
import * as z from "zod";
import { type FileReport, fileReport, type OptionFiles, tryReadOptionFile } from "./option_files.ts";

const LINE = /^(\S+)[ \t]+(.*\S)\s*$/;

/**
 * Reads pattern files.
 *
 * @param paths files, or directories whose files all are read, sorted by name.
 * @returns the patterns by name; of one name the last. What is wrong goes to `context`.
 */
export function readGrokPatterns(
  paths: readonly string[],
  files: OptionFiles,
  context: z.RefinementCtx,
): ReadonlyMap<string, string> {
  const patterns = new Map<string, string>();
  paths.forEach((path, index) => {
    for (const file of filesAt(path, files)) {
      const report = fileReport(file, context, ["CustomPatternDir", index]);
      const text = tryReadOptionFile(file, files, report);
      if (text !== undefined) addPatterns(text, patterns, report);
    }
  });
  return patterns;
}

function filesAt(path: string, files: OptionFiles): readonly string[] {
  if (files.tryStat(path)?.kind !== "directory") return [path];
  const directory = path.replace(/\/+$/, "");
  return files.list(path).toSorted().map((name) => `${directory}/${name}`)
    .filter((file) => files.tryStat(file)?.kind === "file");
}

function addPatterns(text: string, patterns: Map<string, string>, report: FileReport): void {
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "" || /^["#]/.test(line)) return;
    const [, name, pattern] = LINE.exec(line) ?? [];
    if (name === undefined) report(`line ${index + 1} must be a name and a pattern`);
    else patterns.set(name, pattern);
  });
}
