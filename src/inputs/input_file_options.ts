/**
 * The options of `input_file`: every one of the original, with its type and default. Differs on purpose: without `TailSizeKB` a file is
 * read from its first byte (the original skips all but the last 1024 KiB), and what the original drops with a warning, such as
 * a relative path to exclude, is an error.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/file_server/FileDiscoveryOptions.cpp
 *
 * @module
 */
import * as z from "zod";
import { asksForNothing, refusedBecause, withoutEffect } from "../core/option_notes.ts";
import { bool, choice, integer, type OptionType, textList, whenGood } from "../core/options.ts";
import { FilePatternError, parseFilePattern } from "../find/file_pattern.ts";
import type { FindOptions } from "../find/find_rule.ts";
import {
  type ContainerOptions,
  containerOptions,
  containerShape,
  refuseContainerOptions,
} from "./container_options.ts";
import { fileEncoding, type ReaderOptions, readerOptions, readerShape } from "./reader_options.ts";
import { type FileTagNames, fileTagNames, fileTagShape } from "./tag_options.ts";

/** What a pipeline wants of files. */
export interface InputFileOptions extends ReaderOptions {
  /** Which files; checked. Where containers are wanted, paths are those inside. */
  readonly find: FindOptions;
  /** Whether other pipelines may read the same files. */
  readonly isShared: boolean;
  /** Whether files that appear while the agent runs are read from their first byte, whatever `startBytesBeforeEndMax` says. */
  readonly readsNewFilesWhole: boolean;
  /** Undefined: the files are the node's. */
  readonly containers: ContainerOptions | undefined;
  readonly tagNames: FileTagNames;
}

/** Levels below a `**` that may be asked for; -1: all. */
export const SEARCH_DEPTH = { min: -1, max: 1000 } as const;

/** The schema of `InputFileOptions`. */
export const inputFileOptions = (): z.ZodType<InputFileOptions> =>
  z.object({
    FilePaths: textList("a list of paths"),
    MaxDirSearchDepth: integer(SEARCH_DEPTH).default(0),
    PreservedDirDepth: withoutEffect(integer({ min: -1 })),
    ExcludeFilePaths: absolutePaths(),
    ExcludeFiles: fileNames(),
    ExcludeDirs: absolutePaths(),
    AllowingCollectingFilesInRootDir: bool().default(false),
    AllowingIncludedByMultiConfigs: bool().default(false),
    EnableContainerDiscovery: bool().default(false),
    ...containerShape(),
    ...readerShape(),
    ...fileTagShape(),
    FileEncoding: fileEncoding(),
    TailingAllMatchedFiles: bool().default(false),
    EnableExactlyOnce: exactlyOnce(),
    MaxCheckpointDirSearchDepth: withoutEffect(integer({ min: 0 })),
    FileWriteMode: withoutEffect(choice(["append", "overwrite"])),
    MaxWholeFileBytes: withoutEffect(integer({ min: 0 })),
  }).superRefine((given, context) => {
    checkFilePaths(given.FilePaths, given.AllowingCollectingFilesInRootDir, context);
  }, whenGood("FilePaths", "AllowingCollectingFilesInRootDir")).superRefine((given, context) => {
    if (!given.EnableContainerDiscovery) refuseContainerOptions(given, context);
  }, whenGood("EnableContainerDiscovery", ...Object.keys(containerShape()))).transform((given) => ({
    ...readerOptions(given),
    find: {
      filePaths: given.FilePaths,
      maxDirSearchDepth: given.MaxDirSearchDepth,
      excludeFilePaths: given.ExcludeFilePaths,
      excludeFiles: given.ExcludeFiles,
      excludeDirs: given.ExcludeDirs,
      rootAllowed: given.AllowingCollectingFilesInRootDir,
    },
    isShared: given.AllowingIncludedByMultiConfigs,
    readsNewFilesWhole: given.TailingAllMatchedFiles,
    containers: given.EnableContainerDiscovery ? containerOptions(given) : undefined,
    tagNames: fileTagNames(given),
  }));

/** Reports what is wrong with the paths of `FilePaths`, each at its place. */
function checkFilePaths(paths: readonly string[], rootAllowed: boolean, context: z.RefinementCtx): void {
  const report = (path: PropertyKey[], message: string) => context.addIssue({ code: "custom", path, message });
  if (paths.length === 0) report(["FilePaths"], "needs at least one path");
  paths.forEach((path, index) => {
    for (const problem of filePathProblems(path, rootAllowed)) report(["FilePaths", index], problem);
  });
}

/** @returns all that is wrong with a path to search for; nothing when it can be used. */
export function filePathProblems(path: string, rootAllowed: boolean): readonly string[] {
  try {
    parseFilePattern(path, { rootAllowed });
    return [];
  } catch (error) {
    if (error instanceof FilePatternError) return error.problems;
    throw error;
  }
}

/** Patterns of absolute paths; none when left out. */
export function absolutePaths(): OptionType<readonly string[]> {
  return checkedList((path) => path.startsWith("/") ? undefined : `"${path}" must be an absolute path`);
}

function fileNames(): OptionType<readonly string[]> {
  return checkedList((name) => {
    return name.includes("/") ? `"${name}" must be a file's name: paths go under ExcludeFilePaths` : undefined;
  });
}

function checkedList(tryFault: (item: string) => string | undefined): OptionType<readonly string[]> {
  return textList().superRefine((items, context) => {
    items.forEach((item, index) => {
      const message = item === "" ? "must not be empty" : tryFault(item);
      if (message !== undefined) context.addIssue({ code: "custom", path: [index], message });
    });
  }).default([]);
}

function exactlyOnce(): OptionType<unknown> {
  const reason =
    "not supported: in the original, too, it works with flusher_sls only; flusher_kafka_v2 has Delivery: exactly_once";
  return refusedBecause(reason, (given) => asksForNothing(given) || given === "0");
}
