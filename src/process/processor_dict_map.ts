/**
 * `processor_dict_map`: looks a field's value up in a dictionary, and puts what is found in its place or into another field. The
 * dictionary is a map of the options, or a file. Differs on purpose: without the field and without `HandleMissing` nothing changes,
 * and a file with too many words is an error, not cut.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/dictmap/processor_dict_map.go
 *
 * @module
 */
import * as z from "zod";
import { bool, choice, integer, text, textMap } from "../core/options.ts";
import { type LogRecord, tryField } from "../core/record.ts";
import { tryDictionary } from "./dictionary_file.ts";
import { fileReport, NO_FILES, type OptionFiles } from "./option_files.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { SourceField } from "./source_field.ts";

/** What is looked up, and where what is found goes. */
export interface ProcessorDictMapOptions {
  readonly words: ReadonlyMap<string, string>;
  readonly sourceKey: string;
  readonly destKey: string;
  /** What records without the field get; undefined: nothing. */
  readonly missing: string | undefined;
  /** Whether a field of the new name that exists is replaced. */
  readonly overwrites: boolean;
}

const dictMapShape = () =>
  z.object({
    SourceKey: requiredText(),
    DestKey: text().default(""),
    MapDict: textMap().default({}),
    DictFilePath: text().default(""),
    MaxDictSize: integer({ min: 0 }).default(1000),
    Mode: choice(["overwrite", "fill"]).default("overwrite"),
    HandleMissing: bool().default(false),
    Missing: text().default("Unknown"),
  });

/** The schema of `ProcessorDictMapOptions`, with dictionaries out of `files`. */
export function processorDictMapOptionsFrom(files: OptionFiles): z.ZodType<ProcessorDictMapOptions> {
  return dictMapShape().transform((given, context) => ({
    words: readWords(given, files, context),
    sourceKey: given.SourceKey,
    destKey: given.DestKey || given.SourceKey,
    missing: given.HandleMissing ? given.Missing : undefined,
    overwrites: given.Mode === "overwrite",
  }));
}

/** The schema of `ProcessorDictMapOptions`, without files. */
export const processorDictMapOptions = (): z.ZodType<ProcessorDictMapOptions> => processorDictMapOptionsFrom(NO_FILES);

/** With a file, `MapDict` does not count. */
function readWords(
  { MapDict, DictFilePath, MaxDictSize }: z.output<ReturnType<typeof dictMapShape>>,
  files: OptionFiles,
  context: z.RefinementCtx,
): ReadonlyMap<string, string> {
  const isFile = DictFilePath !== "";
  const report = fileReport(DictFilePath, context, ["DictFilePath"]);
  const words = isFile ? tryDictionary(DictFilePath, files, report) : new Map(Object.entries(MapDict));
  if (words === undefined) return z.NEVER;
  if (words.size > 0 && words.size <= MaxDictSize) return words;
  const message = words.size === 0 ? "must not be empty" : `has ${words.size} words, more than MaxDictSize allows`;
  context.addIssue({ code: "custom", path: [isFile ? "DictFilePath" : "MapDict"], message });
  return words;
}

/** Translates a field. A value that is not in the dictionary changes nothing. */
export class ProcessorDictMap extends RecordChanger {
  readonly #options: ProcessorDictMapOptions;
  readonly #source: SourceField;

  constructor(options: ProcessorDictMapOptions, context: ProcessorContext) {
    super("processor_dict_map", context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, false);
  }

  protected override change(record: LogRecord): void {
    const { words, sourceKey, destKey, missing, overwrites } = this.#options;
    const source = this.#source.tryIn(record);
    const value = source === undefined ? missing : words.get(source.value);
    if (value === undefined) return;
    const dest = tryField(record, destKey);
    if (dest === undefined) record.fields.push({ name: destKey, value });
    else if (overwrites || destKey === sourceKey) dest.value = value;
  }
}
