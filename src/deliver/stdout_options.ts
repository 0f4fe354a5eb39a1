/**
 * The options of `flusher_stdout`. Without any, records go to standard output in the walk-through's form; in the original they go to
 * the agent's own log, as flat objects, and every line begins with the time of its writing.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/flusher/stdout/flusher_stdout.go
 *
 * @module
 */
import * as z from "zod";
import { bool, integer } from "../core/options.ts";
import { filePath } from "./file_options.ts";

/** Where records go, and how. */
export interface FlusherStdoutOptions {
  readonly target: "standard output" | "agent's log" | { readonly path: string };
  readonly fileBytesMax: number;
  /** How many full files are kept beside it. */
  readonly siblingsMax: number;
  /** Whether a record is one flat object. */
  readonly isFlat: boolean;
  /** Whether a line before the records of each batch tells of their tags. */
  readonly hasTagLines: boolean;
}

const FILE_BYTES_DEFAULT = 1024 * 1024;
const SIBLINGS_DEFAULT = 1;

/** The schema of `FlusherStdoutOptions`. */
export const flusherStdoutOptions = (): z.ZodType<FlusherStdoutOptions> =>
  z.object({
    OnlyStdout: bool().optional(),
    FileName: filePath().optional(),
    MaxSize: orDefault(FILE_BYTES_DEFAULT),
    MaxRolls: orDefault(SIBLINGS_DEFAULT),
    KeyValuePairs: bool().default(false),
    Tags: bool().default(false),
  }).transform(({ OnlyStdout, FileName, MaxSize, MaxRolls, KeyValuePairs, Tags }) => ({
    target: targetOf(OnlyStdout, FileName),
    fileBytesMax: MaxSize,
    siblingsMax: MaxRolls,
    isFlat: KeyValuePairs,
    hasTagLines: Tags,
  }));

/** A whole number; what is not above 0 counts as the default, as in the original. */
function orDefault(value: number) {
  return integer().default(value).transform((given) => given > 0 ? given : value);
}

function targetOf(onlyStdout: boolean | undefined, path: string | undefined): FlusherStdoutOptions["target"] {
  if (path !== undefined && onlyStdout !== true) return { path };
  return onlyStdout === false ? "agent's log" : "standard output";
}
