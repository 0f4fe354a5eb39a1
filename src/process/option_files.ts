/**
 * Files that options name. They are read once, when the configuration is: what changes in them later counts only when it is read
 * again.
 *
 * @module
 */
import type * as z from "zod";
import type { Files } from "../core/env.ts";

/** What reading them needs. */
export type OptionFiles = Pick<Files, "tryReadText" | "tryStat" | "list">;

/** Where there is none at all. */
export const NO_FILES: OptionFiles = { tryReadText: () => undefined, tryStat: () => undefined, list: () => [] };

const FILE_BYTES_MAX = 16 * 1024 * 1024;
/** So many problems of one file are told. */
const PROBLEMS_MAX = 20;

/** A part of a file and where it begins; lines count from 1. */
export interface FileLine {
  readonly line: number;
  readonly text: string;
}

/** Tells what is wrong with a file. */
export type FileReport = (message: string) => void;

/** @returns a report that ends with the file's name, for the option at `path`. */
export function fileReport(file: string, context: z.RefinementCtx, path: PropertyKey[]): FileReport {
  let count = 0;
  return (message) => {
    if (++count <= PROBLEMS_MAX) context.addIssue({ code: "custom", path, message: `${message} (${file})` });
  };
}

/** @returns the text of a file; undefined, and reported, when it cannot be read. */
export function tryReadOptionFile(file: string, files: OptionFiles, report: FileReport): string | undefined {
  try {
    const stat = files.tryStat(file);
    if (stat !== undefined && stat.size > FILE_BYTES_MAX) {
      report(`must be a file of at most ${FILE_BYTES_MAX} bytes, not ${stat.size}`);
      return undefined;
    }
    const text = stat?.kind === "file" ? files.tryReadText(file) : undefined;
    if (text === undefined) report("there is no such file");
    return text;
  } catch (error) {
    report(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
