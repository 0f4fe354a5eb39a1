/**
 * Options that need a word to the user: those of the original that are not built yet, those without effect here, and values that
 * are accepted but mean something else. A warning travels with the option's schema as metadata, so that one declaration says
 * it all; `config` reads it back with `warningOf`.
 *
 * @module
 */
import * as z from "zod";
import { withNote } from "./option_facts.ts";
import { integer, type OptionType } from "./options.ts";

/** Says, for an option's value as written, what the user should know although it is accepted; undefined: nothing. */
export type OptionWarning = (given: unknown) => string | undefined;

/** Attaches a warning to an option. Must be the outermost call on the schema. */
export function warnedWhen<Schema extends z.ZodType>(schema: Schema, warning: OptionWarning): Schema {
  return schema.meta({ warning });
}

/** @returns what `warnedWhen` has to say of this value. */
export function warningOf(schema: z.core.$ZodType, given: unknown): string | undefined {
  const warning = z.globalRegistry.get(schema)?.warning;
  const message = typeof warning === "function" ? warning(given) : undefined;
  return typeof message === "string" ? message : undefined;
}

/** Tells whether a value asks for nothing: empty text, `false`, an empty list or map. */
export function asksForNothing(given: unknown): boolean {
  if (given === undefined || given === null) return true;
  if (typeof given === "string") return /^(|false|no|off|n)$/i.test(given);
  return Object.keys(given).length === 0;
}

/**
 * An option that cannot do what it asks for, and cannot be left out silently, because the records would differ.
 *
 * @param reason why, and what to do instead.
 * @param isHarmless values that ask for what is done anyway; by default those that ask for nothing.
 */
export function refusedBecause(
  reason: string,
  isHarmless: (given: unknown) => boolean = asksForNothing,
): OptionType<unknown> {
  const schema = z.unknown().optional().superRefine((given, context) => {
    if (!isHarmless(given)) context.addIssue({ code: "custom", message: reason });
  });
  return withNote(schema, `refused: ${reason}`);
}

/**
 * An option of the original that is not built yet and cannot be left out silently, because the records would differ.
 *
 * @param isHarmless values that ask for what is done anyway; by default those that ask for nothing.
 */
export function notSupportedYet(isHarmless: (given: unknown) => boolean = asksForNothing): OptionType<unknown> {
  return refusedBecause("not supported yet", isHarmless);
}

/** An option in the wrong place, where it would not be looked at: a filter that is overlooked collects too much. */
export function belongsUnder(sectionName: string): OptionType<unknown> {
  return refusedBecause(`belongs under ${sectionName}`);
}

/** An option of the original that is not built yet, but whose absence changes no record: any value is accepted and warned of. */
export function ignoredYet(): OptionType<unknown> {
  const note = "not supported yet, ignored";
  return warnedWhen(withNote(z.unknown().optional(), note), (given) => asksForNothing(given) ? undefined : note);
}

/** An option of the original that has nothing to say here: checked for its type, then left unused. */
export function withoutEffect<Value>(schema: z.ZodType<Value>): OptionType<Value | undefined> {
  return withNote(schema.optional(), "no effect");
}

/** As `withoutEffect`, with a word to the user, who might rely on it. */
export function withoutEffectHere<Value>(schema: z.ZodType<Value>): OptionType<Value | undefined> {
  return warnedWhen(withoutEffect(schema), () => "has no effect here, ignored");
}

/** A whole number; what is below `min` counts as `min`, with a warning. */
export function atLeast(min: number, otherwise: number): OptionType<number> {
  const schema = integer({ min: 0 }).default(otherwise).transform((given) => Math.max(given, min));
  return warnedWhen(schema, (given) => Number(given) < min ? `${min} is used: the least that is allowed` : undefined);
}
