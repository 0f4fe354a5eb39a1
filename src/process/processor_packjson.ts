/**
 * `processor_packjson`: several fields as one JSON object of texts, sorted by name.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/packjson/processor_packjson.go
 *
 * @module
 */
import * as z from "zod";
import { bool } from "../core/options.ts";
import { type LogRecord, tryField } from "../core/record.ts";
import { requiredList, requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";

/** Which fields are packed. */
export interface ProcessorPackjsonOptions {
  readonly sourceKeys: ReadonlySet<string>;
  readonly destKey: string;
  readonly keepSource: boolean;
  readonly alarmIfIncomplete: boolean;
}

/** The schema of `ProcessorPackjsonOptions`. */
export const processorPackjsonOptions = (): z.ZodType<ProcessorPackjsonOptions> =>
  z.object({
    SourceKeys: requiredList("a list of field names"),
    DestKey: requiredText(),
    KeepSource: bool().default(true),
    AlarmIfIncomplete: bool().default(true),
  }).transform((given) => ({
    sourceKeys: new Set(given.SourceKeys),
    destKey: given.DestKey,
    keepSource: given.KeepSource,
    alarmIfIncomplete: given.AlarmIfIncomplete,
  }));

/** Packs fields, of one name the first. */
export class ProcessorPackjson extends RecordChanger {
  readonly #options: ProcessorPackjsonOptions;

  constructor(options: ProcessorPackjsonOptions, context: ProcessorContext) {
    super("processor_packjson", context);
    this.#options = options;
  }

  protected override change(record: LogRecord): void {
    const { sourceKeys, destKey, keepSource, alarmIfIncomplete } = this.#options;
    const fields = [...sourceKeys].sort().map((name) => tryField(record, name)).filter((field) => field !== undefined);
    const members = fields.map(({ name, value }) => `${goJson(name)}:${goJson(value)}`);
    const missing = sourceKeys.keys().find((name) => tryField(record, name) === undefined);
    if (missing !== undefined) this.report.missing(missing, alarmIfIncomplete);
    if (!keepSource) record.fields = record.fields.filter(({ name }) => !sourceKeys.has(name));
    record.fields.push({ name: destKey, value: `{${members.join(",")}}` });
  }
}

/** A JSON string as Go writes it, safe inside of HTML (https://pkg.go.dev/encoding/json#HTMLEscape). */
function goJson(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(/[<>&\u2028\u2029]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
