/**
 * The options of `file_log`, as `input_file` was called before version 2, brought into the form of those. Files are looked for in
 * `LogPath` and `MaxDepth` levels below, all paths with a name like `FilePattern`.
 * Source: https://github.com/alibaba/ilogtail/blob/1.8/docs/cn/data-pipeline/input/file-log.md
 *
 * @module
 */
import * as z from "zod";
import { containerFilter, oldContainerFilterShape } from "../core/filter_options.ts";
import { atLeast, notSupportedYet, withoutEffect } from "../core/option_notes.ts";
import { bool, integer, text, whenGood, wrongValue } from "../core/options.ts";
import { type ContainerOptions, containerOptions, externalTagMap, misplacedFilters } from "./container_options.ts";
import { absolutePaths, filePathProblems, type InputFileOptions, SEARCH_DEPTH } from "./input_file_options.ts";
import { DELAY_BYTES_WARNED, fileEncoding, readerOptions, tailSizeKb } from "./reader_options.ts";
import { fileTagNames, NO_TAG_OPTIONS } from "./tag_options.ts";

const containerInfo = () =>
  z.object({
    ...oldContainerFilterShape(),
    ExternalK8sLabelTag: externalTagMap(),
    ExternalEnvTag: externalTagMap(),
  }, { error: (issue) => wrongValue("a map of options", issue.input) }).transform((given) => {
    return containerOptions({ ...given, ContainerFilters: containerFilter(given) });
  });

/** The schema of `file_log`. */
export const fileLogOptions = (): z.ZodType<InputFileOptions> =>
  z.object({
    LogPath: text(),
    FilePattern: text(),
    MaxDepth: integer(SEARCH_DEPTH).default(0),
    DirBlackList: absolutePaths(),
    FilepathBlackList: absolutePaths(),
    ContainerFile: bool().optional(),
    DockerFile: bool().optional(),
    ContainerInfo: containerInfo().optional(),
    ...misplacedFilters("ContainerInfo"),
    FileEncoding: fileEncoding(),
    TailSizeKB: tailSizeKb(),
    ReaderFlushTimeout: atLeast(1, 5),
    DelayAlarmBytes: integer({ min: 0 }).default(DELAY_BYTES_WARNED),
    DelaySkipBytes: integer({ min: 0 }).default(0),
    EnableLogPositionMeta: bool().default(false),
    ForceMultiConfig: bool().default(false),
    Preserve: withoutEffect(bool()),
    PreserveDepth: withoutEffect(integer({ min: 0 })),
    TopicFormat: notSupportedYet((given) => given === undefined || given === "" || given === "none"),
    EnablePreciseTimestamp: notSupportedYet(),
  }).superRefine((given, context) => {
    const report = (path: PropertyKey[], message: string) => context.addIssue({ code: "custom", path, message });
    // With both parts it cannot be told from the message alone which one is wrong.
    for (const problem of filePathProblems(filePath(given), false)) report(["LogPath"], problem);
    if (given.FilePattern.includes("/")) report(["FilePattern"], "must be a name: directories go under LogPath");
  }, whenGood("LogPath", "FilePattern", "MaxDepth")).superRefine((given, context) => {
    if (given.ContainerInfo === undefined || (given.ContainerFile ?? given.DockerFile ?? true)) return;
    const message = "has no effect with ContainerFile: false";
    context.addIssue({ code: "custom", path: ["ContainerInfo"], message });
  }, whenGood("ContainerInfo", "ContainerFile", "DockerFile")).transform((given) => ({
    ...readerOptions({
      FileEncoding: given.FileEncoding,
      TailSizeKB: given.TailSizeKB,
      FlushTimeoutSecs: given.ReaderFlushTimeout,
      ReadDelaySkipThresholdBytes: given.DelaySkipBytes,
      ReadDelayAlertThresholdBytes: given.DelayAlarmBytes,
    }),
    find: {
      filePaths: [filePath(given)],
      maxDirSearchDepth: given.MaxDepth,
      excludeFilePaths: given.FilepathBlackList,
      excludeFiles: [],
      excludeDirs: given.DirBlackList,
      rootAllowed: false,
    },
    isShared: given.ForceMultiConfig,
    readsNewFilesWhole: false,
    containers: given.ContainerInfo ?? tryAllContainers(given.ContainerFile ?? given.DockerFile ?? false),
    tagNames: fileTagNames({ ...NO_TAG_OPTIONS, AppendingLogPositionMeta: given.EnableLogPositionMeta }),
  }));

/** Directory and name as one path; `**` before the name is how `input_file` asks for the directories below. */
function filePath({ LogPath, FilePattern, MaxDepth }: { LogPath: string; FilePattern: string; MaxDepth: number }) {
  const directory = LogPath.replace(/\/+$/, "");
  return MaxDepth === 0 ? `${directory}/${FilePattern}` : `${directory}/**/${FilePattern}`;
}

/** `ContainerInfo` alone asks for containers, too: the original's examples leave `ContainerFile` out. */
function tryAllContainers(areWanted: boolean): ContainerOptions | undefined {
  return areWanted ? containerInfo().parse({}) : undefined;
}
