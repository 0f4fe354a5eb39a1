/**
 * A map of options as written → typed options, by the schema that declares them. Every problem is reported at its place, not the
 * first only.
 *
 * @module
 */
import type * as z from "zod";
import { invariant } from "../core/assert.ts";
import { normaliseOptions } from "./normalise.ts";
import type { ProblemList } from "./problem.ts";
import { tryShape } from "./shape.ts";
import { joinPath, type MapTree, placeOf, plainValue } from "./tree.ts";

/**
 * @param path where the map stands: `inputs[0]`.
 * @returns the options, or undefined when they cannot be used: `problems` then says why.
 */
export function tryReadOptions<Options>(
  map: MapTree,
  schema: z.ZodType<Options>,
  path: string,
  problems: ProblemList,
): { readonly options: Options } | undefined {
  const shape = tryShape(schema);
  invariant(shape !== undefined, `the options of ${path} are not a zod object`);
  const options = normaliseOptions(map, shape, path, problems);
  // Options are read once: code made for that would cost more than it saves.
  const result = schema.safeParse(plainValue(options), { jitless: true });
  for (const issue of result.error?.issues ?? []) {
    problems.error(placeOf(options, issue.path), joinPath(path, issue.path), issue.message);
  }
  return result.success ? { options: result.data } : undefined;
}
