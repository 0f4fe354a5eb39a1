/**
 * `processor_rename`: gives fields other names, in place. A field that has the new name already stays beside it.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/rename/processor_rename.go
 *
 * @module
 */
import * as z from "zod";
import { bool, whenGood } from "../core/options.ts";
import { requiredList } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { FieldChanger, type NamedField } from "./field_changer.ts";

/** Old names to new ones. */
export interface ProcessorRenameOptions {
  readonly names: ReadonlyMap<string, string>;
  readonly noKeyError: boolean;
}

/** The schema of `ProcessorRenameOptions`. */
export const processorRenameOptions = (): z.ZodType<ProcessorRenameOptions> =>
  z.object({
    SourceKeys: requiredList("a list of field names"),
    DestKeys: requiredList("a list of field names"),
    NoKeyError: bool().default(false),
  }).superRefine(({ SourceKeys, DestKeys }, context) => {
    if (SourceKeys.length === DestKeys.length) return;
    const message = `must have as many names as SourceKeys: ${SourceKeys.length}, not ${DestKeys.length}`;
    context.addIssue({ code: "custom", path: ["DestKeys"], message });
  }, whenGood("SourceKeys", "DestKeys")).transform((given) => {
    const pairs = given.SourceKeys.map((source, index) => [source, given.DestKeys[index]] as const);
    return { names: new Map(pairs.filter(([from, to]) => from !== to)), noKeyError: given.NoKeyError };
  });

/** Renames fields, each of a name. */
export class ProcessorRename extends FieldChanger {
  readonly #options: ProcessorRenameOptions;

  constructor(options: ProcessorRenameOptions, context: ProcessorContext) {
    super("processor_rename", context);
    this.#options = options;
  }

  protected override note(fields: readonly NamedField[], records: number): void {
    const { names, noKeyError } = this.#options;
    const missing = names.keys().find((name) => fields.every((field) => field.name !== name));
    if (missing !== undefined) this.report.missing(missing, noKeyError, records);
  }

  protected override changed<Some extends NamedField>(fields: readonly Some[]): Some[] {
    const { names } = this.#options;
    return fields.map((field) => ({ ...field, name: names.get(field.name) ?? field.name }));
  }
}
