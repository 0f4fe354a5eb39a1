/**
 * The condition of `processor_filter_regex_native`: `{operator: and, operands: [{key: a, exp: x, type: regex}, …]}` → a test of
 * records. Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/ProcessorFilterNative.cpp
 *
 * @module
 */
import * as z from "zod";
import { choice, text } from "../core/options.ts";
import { type LogRecord, tryField } from "../core/record.ts";
import { pattern, wholeMatch } from "./option_parts.ts";

/** Whether a record meets a condition. */
export type Condition = (record: LogRecord) => boolean;

/** A field that is there and matches as a whole. */
export function fieldMatches(name: string, regex: RegExp): Condition {
  const whole = wholeMatch(regex);
  return (record) => {
    const field = tryField(record, name);
    return field !== undefined && whole.test(field.value);
  };
}

const leaf = (): z.ZodType<Condition> =>
  z.object({ key: text(), exp: pattern("s"), type: choice(["regex"]) })
    .transform(({ key, exp }) => fieldMatches(key, exp));

const operation = (): z.ZodType<Condition> =>
  z.object({
    operator: choice(["and", "or", "not"]),
    operands: z.lazy(() => z.array(filterCondition())),
  }).transform(({ operator, operands }, context) => {
    const wanted = operator === "not" ? 1 : 2;
    if (operands.length !== wanted) {
      const message = `${operator} must have ${wanted} of them, not ${operands.length}`;
      context.addIssue({ code: "custom", path: ["operands"], message });
      return z.NEVER;
    }
    const [left, right] = operands;
    if (operator === "not") return (record) => !left(record);
    return operator === "and" ? (record) => left(record) && right(record) : (record) => left(record) || right(record);
  });

/** The schema of a condition. */
export const filterCondition = (): z.ZodType<Condition> =>
  z.unknown().transform((given, context) => {
    const isOperation = typeof given === "object" && given !== null && "operator" in given;
    const { data, error } = (isOperation ? operation() : leaf()).safeParse(given);
    for (const { path, message } of error?.issues ?? []) context.addIssue({ code: "custom", path, message });
    return data ?? z.NEVER;
  });
