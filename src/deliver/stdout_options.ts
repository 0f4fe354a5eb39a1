/**
 * The options of `flusher_stdout`. Records always go to standard output here: the original's files and its other forms are not
 * built yet.
 * Source: https://github.com/alibaba/loongcollector/blob/main/docs/cn/plugins/flusher/extended/flusher-stdout.md
 *
 * @module
 */
import * as z from "zod";
import { notSupportedYet, warnedWhen, withoutEffect } from "../core/option_notes.ts";
import { bool, integer, tryBoolean } from "../core/options.ts";

/** There is nothing to choose yet. */
export type FlusherStdoutOptions = Readonly<Record<string, never>>;

/** The schema of `FlusherStdoutOptions`. */
export const flusherStdoutOptions: z.ZodType<FlusherStdoutOptions> = z.object({
  OnlyStdout: warnedWhen(bool().default(true), (given) => {
    const isOff = typeof given === "string" && tryBoolean(given) === false;
    return isOff ? "records go to standard output all the same" : undefined;
  }),
  FileName: notSupportedYet(),
  MaxSize: withoutEffect(integer({ min: 0 })),
  MaxRolls: withoutEffect(integer({ min: 0 })),
  KeyValuePairs: notSupportedYet(),
  Tags: notSupportedYet(),
}).transform(() => ({}));
