/**
 * `processor_anchor`: what stands between a start and a stop becomes a field, or, where it is JSON, a field for each member. Each
 * anchor looks at the whole value. Differs on purpose: text behind a JSON object counts as broken JSON, as in `processor_json`.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/anchor/anchor.go
 *
 * @module
 */
import * as z from "zod";
import { bool, integer, text } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { JsonExpansion, type JsonExpansionOptions } from "./json_expansion.ts";
import { choiceOr } from "./option_parts.ts";
import { optionMap, requiredItems } from "./option_map.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { removeField, SourceField } from "./source_field.ts";

/** As many levels are expanded where no number is given. */
const DEPTH_DEFAULT = 100;

/** One part of a value. */
export interface Anchor {
  /** `""`: from the beginning. */
  readonly start: string;
  /** `""`: to the end. */
  readonly stop: string;
  /** Of the field, or what begins the names of all. */
  readonly name: string;
  /** undefined: the part is text. */
  readonly expansion: JsonExpansionOptions | undefined;
  readonly ignoreJsonError: boolean;
}

/** Which parts of which field are wanted. */
export interface ProcessorAnchorOptions {
  readonly anchors: readonly Anchor[];
  /** `""`: the first field. */
  readonly sourceKey: string;
  readonly noKeyError: boolean;
  readonly noAnchorError: boolean;
  readonly keepSource: boolean;
}

// "Expond" and "Connecter" are the original's spelling.
const anchor: z.ZodType<Anchor> = optionMap({
  Start: text().default(""),
  Stop: text().default(""),
  FieldName: text(),
  FieldType: choiceOr(["string", "json"], "string"),
  ExpondJSON: bool().default(false),
  IgnoreJSONError: bool().default(false),
  ExpondConnecter: text().default(""),
  MaxExpondDepth: integer().default(0),
}).transform((given) => ({
  start: given.Start,
  stop: given.Stop,
  name: given.FieldName,
  expansion: given.FieldType === "json"
    ? {
      prefix: "",
      root: given.FieldName,
      connector: given.ExpondConnecter || "_",
      ignoreFirstConnector: false,
      depthMax: given.ExpondJSON ? given.MaxExpondDepth || DEPTH_DEFAULT : 1,
      expandArray: false,
      keepsEscapes: !given.ExpondJSON || given.MaxExpondDepth === 1,
    }
    : undefined,
  ignoreJsonError: given.IgnoreJSONError,
}));

/** The schema of `ProcessorAnchorOptions`. */
export const processorAnchorOptions = (): z.ZodType<ProcessorAnchorOptions> =>
  z.object({
    Anchors: requiredItems(anchor, "a list of anchors"),
    SourceKey: text().default(""),
    NoKeyError: bool().default(false),
    NoAnchorError: bool().default(false),
    KeepSource: bool().default(false),
  }).transform((given) => ({
    anchors: given.Anchors,
    sourceKey: given.SourceKey,
    noKeyError: given.NoKeyError,
    noAnchorError: given.NoAnchorError,
    keepSource: given.KeepSource,
  }));

/** Extracts parts. New fields come last; an anchor that is not found gives none. */
export class ProcessorAnchor extends RecordChanger {
  readonly #options: ProcessorAnchorOptions;
  readonly #source: SourceField;

  constructor(options: ProcessorAnchorOptions, context: ProcessorContext) {
    super("processor_anchor", context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, options.noKeyError);
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source === undefined) return;
    const { anchors, keepSource, noAnchorError } = this.#options;
    if (!keepSource) removeField(record, source);
    for (const one of anchors) {
      const part = tryPart(source.value, one);
      if (part === undefined) this.report.failed("a value has no part from Start to Stop", source.value, noAnchorError);
      else this.#add(record, one, part);
    }
  }

  #add(record: LogRecord, { name, expansion, ignoreJsonError }: Anchor, part: string): void {
    if (expansion === undefined) {
      record.fields.push({ name, value: part });
    } else if (!new JsonExpansion(part, expansion, record.fields).run()) {
      this.report.failed("a part is not a JSON object, or broken", part, !ignoreJsonError);
    }
  }
}

function tryPart(value: string, { start, stop }: Anchor): string | undefined {
  const found = value.indexOf(start);
  if (found < 0) return undefined;
  const from = found + start.length;
  const end = stop === "" ? value.length : value.indexOf(stop, from);
  return end < 0 ? undefined : value.slice(from, end);
}
