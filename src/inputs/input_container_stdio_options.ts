/**
 * The options of `input_container_stdio`: every one of the original, with its type and default. Differs on purpose: without
 * `TailSizeKB` a container is read from its first byte (the original skips all but the last 1024 KiB).
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/input/InputContainerStdio.cpp
 *
 * @module
 */
import * as z from "zod";
import { bool, type OptionType, whenGood } from "../core/options.ts";
import { type ContainerOptions, containerOptions, containerShape } from "./container_options.ts";
import type { TagNames } from "./container_tags.ts";
import { type FileEncoding, fileEncoding, type ReaderOptions, readerOptions, readerShape } from "./reader_options.ts";
import { containerTagSection, noPlaceInFile } from "./tag_options.ts";

/** What a pipeline wants of the output of containers. At least one of the streams is wanted. */
export interface InputContainerStdioOptions extends ReaderOptions {
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly containers: ContainerOptions;
  readonly tagNames: TagNames;
  /** Whether other pipelines may read the same containers by such an input. */
  readonly isShared: boolean;
  /** Whether a line that is not of the runtime's form is delivered whole, as `content`; otherwise it is dropped. */
  readonly keepsMalformedLines: boolean;
  /** Whether such lines are warned of. */
  readonly warnsOfMalformedLines: boolean;
}

/** The schema of `InputContainerStdioOptions`. */
export const inputContainerStdioOptions = (): z.ZodType<InputContainerStdioOptions> =>
  z.object({
    ...containerShape(),
    ...readerShape(),
    FileEncoding: contentEncoding(),
    IgnoringStdout: bool().default(false),
    IgnoringStderr: bool().default(false),
    KeepingSourceWhenParseFail: bool().default(true),
    IgnoreParseWarning: bool().default(false),
    AllowingIncludedByMultiConfigs: bool().default(false),
    Tags: containerTagSection(),
    FileOffsetKey: noPlaceInFile(),
    AppendingLogPositionMeta: noPlaceInFile(),
  }).superRefine((given, context) => {
    if (!given.IgnoringStdout || !given.IgnoringStderr) return;
    const message = "nothing is left to collect: IgnoringStdout is true as well";
    context.addIssue({ code: "custom", path: ["IgnoringStderr"], message });
  }, whenGood("IgnoringStdout", "IgnoringStderr")).transform((given) => ({
    ...readerOptions(given),
    stdout: !given.IgnoringStdout,
    stderr: !given.IgnoringStderr,
    containers: containerOptions(given),
    tagNames: given.Tags,
    isShared: given.AllowingIncludedByMultiConfigs,
    keepsMalformedLines: given.KeepingSourceWhenParseFail,
    warnsOfMalformedLines: !given.IgnoreParseWarning,
  }));

/** The runtime writes each line's head as ASCII, so that what follows must be readable beside it. */
function contentEncoding(): OptionType<FileEncoding> {
  return fileEncoding().superRefine((encoding, context) => {
    if (encoding !== "utf16") return;
    context.addIssue({ code: "custom", message: "utf16 cannot be: container runtimes write lines of single bytes" });
  });
}
