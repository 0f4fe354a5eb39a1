/**
 * The options of `flusher_file`. The last two are not in the original's documentation, only in its code; what is wrong with them it
 * ignores, here it is a problem.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/flusher/file/FlusherFile.cpp
 *
 * @module
 */
import * as z from "zod";
import { integer, scalar } from "../core/options.ts";

/** What `flusher_file` does. */
export interface FlusherFileOptions {
  /** As the agent itself sees it. */
  readonly filePath: string;
  readonly fileBytesMax: number;
  /** How many full files are kept beside it. */
  readonly siblingsMax: number;
}

/** Most siblings that the original's library takes. */
const SIBLINGS_MAX = 200_000;

/** The schema of `FlusherFileOptions`. */
export const flusherFileOptions = (): z.ZodType<FlusherFileOptions> =>
  z.object({
    FilePath: filePath(),
    MaxFileSize: integer({ min: 1 }).default(10 * 1024 * 1024),
    MaxFiles: integer({ min: 0, max: SIBLINGS_MAX }).default(10),
  }).transform(({ FilePath, MaxFileSize, MaxFiles }) => {
    return { filePath: FilePath, fileBytesMax: MaxFileSize, siblingsMax: MaxFiles };
  });

/** The path of a file, absolute or relative to the agent's working directory. Nothing may be written to what the kernel makes up. */
export function filePath() {
  return scalar("the path of a file outside of /dev, /proc and /sys", (given) => {
    const isFile = /[^/]$/.test(given) && !/(^|\/)\.\.?$|\0/.test(given);
    return isFile && !/^\/+(dev|proc|sys)\//.test(given) ? given : undefined;
  });
}
