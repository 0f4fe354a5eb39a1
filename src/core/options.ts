/**
 * Building blocks for the options of plugins. Configuration is read with every scalar as text; these helpers convert it to what
 * an option declares, and a wrong value gives a message that says what was given and what is wanted.
 *
 * Unknown keys and the spelling of names are left to `config`; a plugin's schema sees the declared names only.
 *
 * @module
 */
import * as z from "zod";
import type { StringMap } from "./container.ts";
import { withFacts } from "./option_facts.ts";

/** The zod type that all helpers return: anything in, `Value` out. */
export type OptionType<Value> = z.ZodType<Value>;

/** Says what was given in place of what is wanted, for messages. */
export function wrongValue(wanted: string, given: unknown): string {
  if (given === undefined) return `missing: must be ${wanted}`;
  return `must be ${wanted}, not ${nameOf(given)}`;
}

function nameOf(given: unknown): string {
  if (Array.isArray(given)) return "a list";
  return typeof given === "string" ? `"${given}"` : "a map";
}

/**
 * A scalar that `tryConvert` understands.
 *
 * @param wanted how a message names it: "a whole number".
 */
export function scalar<Value>(wanted: string, tryConvert: (text: string) => Value | undefined): OptionType<Value> {
  const schema = z.string({ error: (issue) => wrongValue(wanted, issue.input) }).transform((text, context) => {
    const value = tryConvert(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: wrongValue(wanted, text) });
    return z.NEVER;
  });
  return withFacts(schema, { kind: "text", wanted });
}

/** The original's spellings of a boolean: yaml-cpp's. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["on", true],
  ["y", true],
  ["false", false],
  ["no", false],
  ["off", false],
  ["n", false],
]);

/** Reads a boolean as the original's YAML does: true, yes, on, y and their opposites in any case. */
export function tryBoolean(text: string): boolean | undefined {
  return BOOLEANS.get(text.toLowerCase());
}

/** `true` or `false`, also spelt yes, no, on, off. */
export function bool(): OptionType<boolean> {
  const wanted = "true or false";
  return withFacts(scalar(wanted, tryBoolean), { kind: "boolean", wanted });
}

/** The inclusive range of a number. */
export interface IntegerRange {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number within an inclusive range. */
export function integer(range: IntegerRange = {}): OptionType<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
  const wanted = `a whole number${rangeText(range)}`;
  const schema = scalar(wanted, (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
    return value >= min && value <= max ? value : undefined;
  });
  return withFacts(schema, { kind: "integer", wanted, ...range });
}

function rangeText({ min, max }: IntegerRange): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return `, ${min} or more`;
  return max !== undefined ? `, ${max} or less` : "";
}

/** Any text; `""` is text too. */
export function text(): OptionType<string> {
  return scalar("text", (given) => given);
}

/** One of a few words, in any case. */
export function choice<const Words extends readonly string[]>(words: Words): OptionType<Words[number]> {
  const wanted = words.join(" or ");
  const schema = scalar(wanted, (given) => words.find((word) => word.toLowerCase() === given.toLowerCase()));
  return withFacts(schema, { kind: "choice", wanted, words });
}

/**
 * A list of texts; a bare text stands for a list of one, as in the original.
 *
 * @param wanted how a message names it: "a list of brokers".
 */
export function textList(wanted = "a list of texts"): OptionType<readonly string[]> {
  const item = z.string({ error: (issue) => wrongValue("text", issue.input) });
  const schema = z.preprocess(
    (given) => typeof given === "string" ? [given] : given,
    z.array(item, { error: (issue) => wrongValue(wanted, issue.input) }),
  );
  return withFacts(schema, { kind: "list", wanted });
}

/** A map from text to text. */
export function textMap(): OptionType<StringMap> {
  const value = z.string({ error: (issue) => wrongValue("text", issue.input) });
  const wanted = "a map of names and texts";
  const schema = z.record(z.string(), value, { error: (issue) => wrongValue(wanted, issue.input) });
  return withFacts(schema, { kind: "map", wanted });
}

/** Options within an option. When it is left out, its parts have their own defaults. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.preprocess(
    (given) => given ?? {},
    z.object(shape, { error: (issue) => wrongValue("a map of options", issue.input) }),
  );
}

/**
 * When a check that compares options may run: as soon as these are good, whatever is wrong with the others, so that the user hears of
 * all problems at once. The second argument of `superRefine`.
 */
export function whenGood(...names: readonly string[]): z.core.$ZodCustomParams {
  return {
    when: ({ issues }) =>
      issues.every(({ path }) => path !== undefined && path.length > 0 && !names.includes(String(path[0]))),
  };
}

const NANOSECONDS_PER_UNIT: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/**
 * A duration, in milliseconds: `1m30s`, `250ms`, or a bare number, which is nanoseconds as in the original (it decodes Go's
 * `time.Duration`). Rounded up, so that only 0 is 0.
 */
export function durationMs(range: IntegerRange = {}): OptionType<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = range;
  const limits = range.min === undefined && range.max === undefined ? "" : ` (milliseconds${rangeText(range)})`;
  const wanted = `a duration such as 30s or 250ms${limits}`;
  const schema = scalar(wanted, (given) => {
    const ms = tryDurationMs(given);
    return ms !== undefined && ms >= min && ms <= max ? ms : undefined;
  });
  return withFacts(schema, { kind: "duration", wanted, ...range });
}

/** Reads a duration as `durationMs` describes. @returns milliseconds, rounded up; undefined when it is none. */
export function tryDurationMs(given: string): number | undefined {
  if (/^\d+$/.test(given)) return Math.ceil(Number(given) / 1e6);
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(given)) return undefined;
  let nanoseconds = 0;
  for (const [, amount, unit] of given.matchAll(/([\d.]+)([a-zµ]+)/g)) {
    nanoseconds += Number(amount) * NANOSECONDS_PER_UNIT[unit];
  }
  return Math.ceil(nanoseconds / 1e6);
}
