/**
 * `processor_fields_with_condition`: adds or takes out fields of the records that meet a condition. The first case of `Switch` that
 * a record meets counts; one that meets none goes on as it is, or is dropped.
 * Source:
 * https://github.com/alibaba/loongcollector/blob/main/plugins/processor/fieldswithcondition/processor_fields_with_condition.go
 *
 * @module
 */
import * as z from "zod";
import { bool } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { type FieldAction, fieldAction, type FieldCondition, fieldCondition } from "./field_case.ts";
import { optionMap, requiredItems } from "./option_map.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";

/** A condition, and what becomes of the records that meet it. */
export interface FieldCase {
  readonly isMet: FieldCondition;
  readonly actions: readonly FieldAction[];
}

/** What becomes of records. */
export interface ProcessorFieldsWithConditionOptions {
  readonly cases: readonly FieldCase[];
  readonly dropsOthers: boolean;
}

const fieldCase = (): z.ZodType<FieldCase> =>
  optionMap({
    Case: fieldCondition(),
    Actions: z.array(fieldAction()).default([]),
  }).transform((given) => ({ isMet: given.Case, actions: given.Actions }));

/** The schema of `ProcessorFieldsWithConditionOptions`. */
export const processorFieldsWithConditionOptions = (): z.ZodType<ProcessorFieldsWithConditionOptions> =>
  z.object({
    Switch: requiredItems(fieldCase(), "a list of cases"),
    DropIfNotMatchCondition: bool().default(false),
  }).transform((given) => ({ cases: given.Switch, dropsOthers: given.DropIfNotMatchCondition }));

/** Changes records by case. */
export class ProcessorFieldsWithCondition extends ReportingProcessor {
  readonly #options: ProcessorFieldsWithConditionOptions;

  constructor(options: ProcessorFieldsWithConditionOptions, context: ProcessorContext) {
    super("processor_fields_with_condition", context);
    this.#options = options;
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    return this.filtered(records, (record) => this.guarded(() => this.#isKept(record), true));
  }

  #isKept(record: LogRecord): boolean {
    const { cases, dropsOthers } = this.#options;
    const met = cases.find(({ isMet }) => isMet(record));
    met?.actions.forEach((change) => change(record));
    return met !== undefined || !dropsOthers;
  }
}
