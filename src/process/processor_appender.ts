/**
 * `processor_appender`: appends a text to a field's value, or adds the field. In the text, `{{__ip__}}` stands for the node's
 * address, `{{__host__}}` for its name and `{{$NAME}}` for a variable of the agent's environment, empty where it is not set.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/appender/processor_appender.go
 *
 * @module
 */
import * as z from "zod";
import { notSupportedYet, withoutEffect } from "../core/option_notes.ts";
import { bool } from "../core/options.ts";
import { type LogRecord, tryField } from "../core/record.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";

const VARIABLE = /\{\{([^}]+)\}\}/g;

/** What is appended to what. */
export interface ProcessorAppenderOptions {
  readonly name: string;
  /** With variables. */
  readonly value: string;
  /** Whether the result, labels such as `b#$#1|a#$#2`, is sorted by their names. */
  readonly sortsLabels: boolean;
}

/** The schema of `ProcessorAppenderOptions`. */
export const processorAppenderOptions = (): z.ZodType<ProcessorAppenderOptions> =>
  z.object({
    Key: requiredText(),
    Value: requiredText(),
    SortLabels: bool().default(false),
    Platform: notSupportedYet((given) => given === undefined || given === "" || given === "mock"),
    ReadOnce: withoutEffect(bool()),
  }).transform((given) => ({ name: given.Key, value: given.Value, sortsLabels: given.SortLabels }));

/** Appends to the first field of a name. */
export class ProcessorAppender extends RecordChanger {
  readonly #options: ProcessorAppenderOptions;
  readonly #value: string;

  constructor(options: ProcessorAppenderOptions, context: ProcessorContext) {
    super("processor_appender", context);
    this.#options = options;
    this.#value = options.value.replace(VARIABLE, (_written, name: string) => variableText(name, context));
  }

  protected override change(record: LogRecord): void {
    const { name, sortsLabels } = this.#options;
    const field = tryField(record, name);
    const value = (field?.value ?? "") + this.#value;
    const result = sortsLabels ? sortedLabels(value) : value;
    if (field === undefined) record.fields.push({ name, value: result });
    else field.value = result;
  }
}

/** An unknown variable is its own name, as in the original. */
function variableText(name: string, { env }: ProcessorContext): string {
  if (name.startsWith("$")) return env.tryVariable(name.slice(1)) ?? "";
  if (name === "__ip__") return env.hostIp;
  return name === "__host__" ? env.hostName : name;
}

/** What is no label is left out, unless there is no label at all. */
function sortedLabels(value: string): string {
  const labels = value.split("|").filter((label) => label.includes("#$#"));
  const nameOf = (label: string) => label.slice(0, label.indexOf("#$#"));
  labels.sort((left, right) => nameOf(left) < nameOf(right) ? -1 : nameOf(left) > nameOf(right) ? 1 : 0);
  return labels.length > 0 ? labels.join("|") : value;
}
