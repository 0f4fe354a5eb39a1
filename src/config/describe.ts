/**
 * What a schema declares, as plain data: the names of the options, the values that they take, their defaults. Whoever writes a reference
 * or a JSON Schema needs no more. Reads the facts that the building blocks in `core/options.ts` leave with each schema, through
 * defaults, checks and transformations.
 *
 * @module
 */
import * as z from "zod";
import { type OptionFacts, tryFacts, tryNote } from "../core/option_facts.ts";
import { type Shape, tryShape } from "./shape.ts";

/** One option. */
export interface OptionDescription {
  /** Its name; where it is part of others, theirs come first: `Metadata.Retry.Backoff`. */
  readonly path: string;
  /** Undefined: it takes anything. */
  readonly facts: OptionFacts | undefined;
  readonly isRequired: boolean;
  /** What holds when it is left out, as its type converts it; undefined: nothing does. */
  readonly otherwise: unknown;
  /** What it is for. */
  readonly meaning: string | undefined;
  /** What becomes of it where that is not what it does in the original. */
  readonly note: string | undefined;
  /** The options within it. */
  readonly parts: readonly OptionDescription[] | undefined;
}

const ITEMS: OptionFacts = { kind: "items", wanted: "a list" };

/** @returns the options that a plugin's or a section's schema declares, in their order. */
export function describeOptions(schema: z.core.$ZodType): readonly OptionDescription[] {
  return describeShape(tryShape(schema) ?? {}, "");
}

/** @returns the options and all options within them, from the top down. */
export function flattenOptions(options: readonly OptionDescription[]): readonly OptionDescription[] {
  return options.flatMap((option) => [option, ...flattenOptions(option.parts ?? [])]);
}

function describeShape(shape: Shape, prefix: string): readonly OptionDescription[] {
  return Object.entries(shape).map(([name, schema]) => describeOption(schema, `${prefix}${name}`));
}

function describeOption(schema: z.core.$ZodType, path: string): OptionDescription {
  const layers = [...layersOf(schema)];
  const shape = tryShape(schema);
  return {
    path,
    facts: firstOf(layers, tryFacts) ?? (layers.some((layer) => layer instanceof z.ZodArray) ? ITEMS : undefined),
    isRequired: !z.safeParse(schema, undefined).success,
    otherwise: firstOf(layers, tryDefault),
    meaning: firstOf(layers, (layer) => z.globalRegistry.get(layer)?.description),
    note: firstOf(layers, tryNote),
    parts: shape && describeShape(shape, `${path}.`),
  };
}

/** A schema and those that it wraps, from the outside in. */
function* layersOf(schema: z.core.$ZodType): Generator<z.core.$ZodType> {
  for (let layer: z.core.$ZodType | undefined = schema; layer !== undefined; layer = tryInner(layer)) yield layer;
}

function tryInner(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodPipe) return schema.in instanceof z.ZodTransform ? schema.out : schema.in;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return schema.def.innerType;
  }
  return undefined;
}

function tryDefault(schema: z.core.$ZodType): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
}

function firstOf<Value>(
  layers: readonly z.core.$ZodType[],
  tryRead: (layer: z.core.$ZodType) => Value | undefined,
): Value | undefined {
  return layers.map(tryRead).find((value) => value !== undefined);
}
