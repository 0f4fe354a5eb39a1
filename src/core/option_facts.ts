/**
 * What an option's declaration says of itself, for the reference and for editors: which values it takes, and what becomes of them.
 * Travels with the schema as metadata, so that one declaration says it all; `config` reads it back. Knows nothing of how
 * values are converted: that is `options.ts`.
 *
 * @module
 */
import * as z from "zod";

/** Which values an option takes. A "list" is one of texts, or a single text; "items" are of another kind. */
export interface OptionFacts {
  readonly kind: "boolean" | "integer" | "text" | "choice" | "duration" | "list" | "map" | "items";
  /** How messages name it: "a whole number, 1 or more". */
  readonly wanted: string;
  /** The inclusive range: of an integer, or of a duration in milliseconds. */
  readonly min?: number;
  readonly max?: number;
  /** The words of a choice. */
  readonly words?: readonly string[];
}

/** Attaches facts to a schema. Those that were attached before are replaced. */
export function withFacts<Schema extends z.ZodType>(schema: Schema, facts: OptionFacts): Schema {
  return schema.meta({ facts });
}

/** @returns the facts attached to this very schema. */
export function tryFacts(schema: z.core.$ZodType): OptionFacts | undefined {
  return z.globalRegistry.get(schema)?.facts as OptionFacts | undefined;
}

/** Attaches what becomes of an option that does not do what it does in the original: "no effect". */
export function withNote<Schema extends z.ZodType>(schema: Schema, note: string): Schema {
  return schema.meta({ note });
}

/** @returns the note attached to this very schema. */
export function tryNote(schema: z.core.$ZodType): string | undefined {
  const note = z.globalRegistry.get(schema)?.note;
  return typeof note === "string" ? note : undefined;
}
