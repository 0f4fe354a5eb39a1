/**
 * Looks into a plugin's schema for the options that it declares, through defaults, transformations and preprocessing.
 *
 * @module
 */
import * as z from "zod";

/** The declared options of a schema by name. */
export type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** @returns the options that a schema declares, or undefined when it is not made of named options. */
export function tryShape(schema: z.core.$ZodType): Shape | undefined {
  if (schema instanceof z.ZodObject) return schema.shape;
  if (schema instanceof z.ZodPipe) return tryShape(schema.in) ?? tryShape(schema.out);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return tryShape(schema.def.innerType);
  }
  return undefined;
}

/** @returns the declared name that `given` stands for: the same, or the same but for upper and lower case. */
export function tryDeclaredName(shape: Shape, given: string): string | undefined {
  if (Object.hasOwn(shape, given)) return given;
  return Object.keys(shape).find((name) => name.toLowerCase() === given.toLowerCase());
}
