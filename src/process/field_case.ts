/**
 * The conditions and actions of `processor_fields_with_condition`:
 * `{FieldConditions: {level: error}, RelationOperator: contains}` → a test of records, and
 * `{type: processor_add_fields, Fields: {a: b}}` → a change of one. Where a name occurs twice in a record, one that fits is enough.
 *
 * @module
 */
import * as z from "zod";
import { bool, choice, textList, textMap } from "../core/options.ts";
import { type LogRecord, tryField } from "../core/record.ts";
import { optionMap } from "./option_map.ts";
import { choiceOr, compile } from "./option_parts.ts";

/** Whether a record is in a case. */
export type FieldCondition = (record: LogRecord) => boolean;

/** Changes a record in place. */
export type FieldAction = (record: LogRecord) => void;

/** Whether a value is as it should be. */
type ValueTest = (value: string) => boolean;

/** The schema of a `Case`. Without any field in `FieldConditions` it is met by every record, or by none with `or`. */
export const fieldCondition = (): z.ZodType<FieldCondition> =>
  optionMap({
    LogicalOperator: choiceOr(["and", "or"], "and"),
    RelationOperator: choiceOr(["equals", "regexp", "contains", "startwith"], "equals"),
    FieldConditions: textMap(),
  }).transform((given, context) => {
    const tests = Object.entries(given.FieldConditions).map(([name, wanted]) => {
      return [name, valueTest(given.RelationOperator, wanted, name, context)] as const;
    });
    const isMet = (record: LogRecord) => ([name, test]: readonly [string, ValueTest]) => {
      return record.fields.some((field) => field.name === name && test(field.value));
    };
    return given.LogicalOperator === "or"
      ? (record: LogRecord) => tests.some(isMet(record))
      : (record: LogRecord) => tests.every(isMet(record));
  });

function valueTest(operator: string, wanted: string, name: string, context: z.RefinementCtx): ValueTest {
  if (operator === "contains") return (value) => value.includes(wanted);
  if (operator === "startwith") return (value) => value.startsWith(wanted);
  if (operator !== "regexp") return (value) => value === wanted;
  const regex = compile(wanted, "", context, ["FieldConditions", name]);
  return regex === undefined ? z.NEVER : (value) => regex.test(value);
}

/** The schema of an element of `Actions`. */
export const fieldAction = (): z.ZodType<FieldAction> =>
  optionMap({
    type: choice(["processor_add_fields", "processor_drop"]),
    IgnoreIfExist: bool().default(false),
    Fields: textMap().default({}),
    DropKeys: textList("a list of field names").default([]),
  }).transform((given) => {
    const dropped = new Set(given.DropKeys);
    if (given.type === "processor_drop") return (record: LogRecord) => dropFields(record, dropped);
    const added = Object.entries(given.Fields);
    return (record: LogRecord) => addFields(record, added, given.IgnoreIfExist);
  });

function addFields(record: LogRecord, added: readonly (readonly [string, string])[], ignoreIfExist: boolean): void {
  const wanted = added.filter(([name]) => !ignoreIfExist || tryField(record, name) === undefined);
  record.fields.push(...wanted.map(([name, value]) => ({ name, value })));
}

function dropFields(record: LogRecord, names: ReadonlySet<string>): void {
  record.fields = record.fields.filter(({ name }) => !names.has(name));
}
