/**
 * Options within options, where a list holds maps of them. As everywhere their names match in any case. An unknown name is an error
 * here: `config` warns of those that it sees, and does not look into lists.
 *
 * @module
 */
import * as z from "zod";
import { wrongValue } from "../core/options.ts";

/** A map of options that is not left out. */
export function optionMap<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const error: z.core.$ZodErrorMap = (issue) => {
    if (issue.code !== "unrecognized_keys") return wrongValue("a map of options", issue.input);
    return `unknown option ${issue.keys.join(", ")}`;
  };
  return z.preprocess((given) => withDeclaredNames(given, Object.keys(shape)), z.strictObject(shape, { error }));
}

/** A list of at least one `item`. */
export function requiredItems<Item extends z.ZodType>(item: Item, wanted: string) {
  const message = `must be ${wanted}, at least one`;
  return z.array(item, { error: (issue) => wrongValue(wanted, issue.input) })
    .refine((given) => given.length > 0, message);
}

function withDeclaredNames(given: unknown, names: readonly string[]): unknown {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return given;
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      names.find((name) => name.toLowerCase() === key.toLowerCase()) ?? key,
      value,
    ]),
  );
}
