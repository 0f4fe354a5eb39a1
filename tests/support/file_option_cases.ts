/**
 * Every option of `input_file`, and `file_log` with its old names, and what its pipeline must bring of the containers below.
 *
 * @module
 */
import { containerOf, fields, type OptionCase, type OptionContainer } from "./option_scene.ts";
import { OLD_LINES, OLD_SCRIPT, SEVERAL, SEVERAL_SCRIPT, shownEnd } from "./option_texts.ts";
import { fieldsOf, valueOf } from "./seed_form.ts";

/** In GBK, and in UTF-16 with a byte order mark: 你好. */
const GREETINGS =
  `printf '\\304\\343\\272\\303\\n' >gbk.txt; printf '\\377\\376\\140\\117\\175\\131\\012\\000' >utf16.txt`;
const TREE = "mkdir -p /data/skip /data/deep/a/b; cd /data; echo app >app.log";
const FILES = `${TREE}; echo text >app.txt; echo skip >skip/app.log; echo deep >deep/a/b/app.log; echo root >/root.log
${GREETINGS}; ${OLD_SCRIPT} >old.txt; { ${SEVERAL_SCRIPT}; } >several.txt; printf 'half a line' >half.txt; touch /done`;

/** Of both runtimes; all have files below `/data`, and at last a file `/done`. */
export const FILE_CONTAINERS: readonly OptionContainer[] = [
  {
    kind: "pod",
    name: "files-c",
    pod: "shop-1",
    namespace: "shop",
    labels: { app: "files", tier: "front" },
    env: { ROLE: "files", SIZE: "7" },
    script: FILES,
  },
  { kind: "docker", name: "files-d", labels: { team: "ops" }, env: { ROLE: "files" }, script: FILES },
  {
    kind: "docker pod",
    name: "proxy",
    pod: "edge-1",
    namespace: "edge",
    labels: { app: "proxy" },
    env: { ROLE: "proxy" },
    script: `${TREE}; touch /done`,
  },
];

const DISCOVERY = ["EnableContainerDiscovery: true", "AllowingIncludedByMultiConfigs: true"];
const CHOSEN = [...DISCOVERY, "ContainerFilters: { IncludeEnv: { ROLE: files } }"];
const APP = "FilePaths: /data/app.log";
const APPS = "FilePaths: [/data/**/app.log]";
const DEEP = "MaxDirSearchDepth: 3";
/** The same of both containers. */
const both = (...texts: string[]) => ["files-c", "files-d"].flatMap((name) => texts.map((one) => `${name}: ${one}`));
const ended = (linesMax: number) => shownEnd(["files-c", "files-d"], linesMax);
const END_OF_OLD = both("its end");
const file = (name: string, ...options: string[]) => [...CHOSEN, `FilePaths: /data/${name}`, ...options];

/** What filters choose, by a file that every container has. */
function filtered(name: string, filters: string, ...wanted: string[]): OptionCase {
  return {
    name,
    options: [...DISCOVERY, APP, `ContainerFilters: { ${filters} }`],
    wanted: wanted.map((one) => `${one}: app`),
  };
}

/** Those of `input_file` that look into containers. */
export const INPUT_FILE_CASES: readonly OptionCase[] = [
  { name: "FilePaths: a path, as the walk-through writes it", options: [...CHOSEN, APP], wanted: both("app") },
  {
    name: "FilePaths: a list of paths and patterns",
    options: [...CHOSEN, "FilePaths: [/data/app.log, /data/sk?p/*.log]"],
    wanted: both("app", "skip"),
  },
  {
    name: "MaxDirSearchDepth: 0, the default, looks into no directory below **",
    options: [...CHOSEN, APPS],
    wanted: both("app"),
  },
  {
    name: "MaxDirSearchDepth: so many levels",
    options: [...CHOSEN, APPS, "MaxDirSearchDepth: 1"],
    wanted: both("app", "skip"),
  },
  {
    name: "PreservedDirDepth: changes nothing",
    options: [...CHOSEN, APPS, DEEP, "PreservedDirDepth: 0"],
    wanted: both("app", "skip", "deep"),
  },
  {
    name: "ExcludeFilePaths: paths as the container has them",
    options: [...CHOSEN, APPS, DEEP, "ExcludeFilePaths: [/data/skip/*.log]"],
    wanted: both("app", "deep"),
  },
  { name: "ExcludeFiles: names", options: [...file("app.*"), "ExcludeFiles: ['*.txt']"], wanted: both("app") },
  {
    name: "ExcludeDirs: directories with all below them",
    options: [...CHOSEN, APPS, DEEP, "ExcludeDirs: [/data/deep]"],
    wanted: both("app", "skip"),
  },
  {
    name: "AllowingCollectingFilesInRootDir: files in /",
    options: [...CHOSEN, "FilePaths: /root.log", "AllowingCollectingFilesInRootDir: true"],
    wanted: both("root"),
  },
  {
    name: "AllowingIncludedByMultiConfigs: a file may be for many pipelines, as for all of these",
    options: file("app.txt"),
    wanted: both("text"),
  },
  {
    name: "EnableContainerDiscovery, ContainerFilters: all containers without filters",
    options: [...DISCOVERY, APP],
    wanted: [...both("app"), "proxy: app"],
  },
  filtered(
    "IncludeContainerLabel: of the kubelet or of Docker's user",
    "IncludeContainerLabel: { io.kubernetes.container.name: proxy, team: ops }",
    "files-d",
    "proxy",
  ),
  filtered("ExcludeContainerLabel: wins", "ExcludeContainerLabel: { team: '' }", "files-c", "proxy"),
  filtered("IncludeEnv: any value", "IncludeEnv: { SIZE: '' }", "files-c"),
  filtered("ExcludeEnv: a regular expression", "ExcludeEnv: { ROLE: ^f }", "proxy"),
  filtered("IncludeK8sLabel: labels of the pod", "IncludeK8sLabel: { app: '^(files|proxy)$' }", "files-c", "proxy"),
  filtered("ExcludeK8sLabel: leaves out", "ExcludeK8sLabel: { tier: front }", "files-d", "proxy"),
  filtered("K8sNamespaceRegex: is searched for", "K8sNamespaceRegex: edge", "proxy"),
  filtered("K8sPodRegex: is searched for", "K8sPodRegex: ^shop-", "files-c"),
  filtered("K8sContainerRegex: is searched for", "K8sContainerRegex: ^(files-c|proxy)$", "files-c", "proxy"),
  {
    name: "ExternalK8sLabelTag: a tag of the pod's label, none where there is no label",
    options: [...file("app.log"), "ExternalK8sLabelTag: { app: app }"],
    shown: fields("content", "__tag__:app"),
    wanted: ["files-c app files", "files-d app -"],
  },
  {
    name: "ExternalEnvTag: a tag of a variable, none where there is no variable",
    options: [...file("app.log"), "ExternalEnvTag: { SIZE: size }"],
    shown: fields("content", "__tag__:size"),
    wanted: ["files-c app 7", "files-d app -"],
  },
  {
    name: "CollectingContainersMeta: changes nothing",
    options: file("app.log", "CollectingContainersMeta: true"),
    wanted: both("app"),
  },
  { name: "FileEncoding: gbk arrives as UTF-8", options: file("gbk.txt", "FileEncoding: gbk"), wanted: both("你好") },
  {
    name: "FileEncoding: utf16 arrives as UTF-8",
    options: file("utf16.txt", "FileEncoding: UTF16"),
    wanted: both("你好"),
  },
  {
    name: "TailSizeKB: how much of a file that was there before is read",
    options: file("old.txt", "TailSizeKB: 20"),
    shown: ended(25),
    wanted: END_OF_OLD,
  },
  {
    name: "TailingAllMatchedFiles: files are read whole all the same",
    options: file("old.txt", "TailSizeKB: 20", "TailingAllMatchedFiles: true"),
    shown: (messages) =>
      ["files-c", "files-d"].map((name) => `${name}: ${messages.filter((one) => containerOf(one) === name).length}`),
    wanted: both(`${OLD_LINES}`),
  },
  {
    name: "FlushTimeoutSecs: a line without an end is handed out after this time",
    options: file("half.txt", "FlushTimeoutSecs: 1"),
    wanted: both("half a line"),
  },
  { name: "FlushTimeoutSecs: and not before", options: file("half.txt", "FlushTimeoutSecs: 3600"), wanted: [] },
  {
    name: "ReadDelaySkipThresholdBytes: what is far behind its end is read on near it",
    options: file("old.txt", "ReadDelaySkipThresholdBytes: 100000"),
    shown: ended(OLD_LINES - 100),
    wanted: END_OF_OLD,
  },
  {
    name: "CloseUnusedReaderIntervalSec: changes nothing",
    options: file("app.log", "CloseUnusedReaderIntervalSec: 10"),
    wanted: both("app"),
  },
  { name: "RotatorQueueSize: changes nothing", options: file("app.log", "RotatorQueueSize: 5"), wanted: both("app") },
  {
    name: "MaxCheckpointDirSearchDepth, FileWriteMode, MaxWholeFileBytes: change nothing",
    options: file("app.log", "MaxCheckpointDirSearchDepth: 5", "FileWriteMode: append", "MaxWholeFileBytes: 1000"),
    wanted: both("app"),
  },
  { name: "EnableExactlyOnce: 0 is accepted", options: file("app.log", "EnableExactlyOnce: 0"), wanted: both("app") },
  {
    name: "AppendingLogPositionMeta: the inode is a tag, the place in the file a field",
    options: file("several.txt", "AppendingLogPositionMeta: true"),
    shown: (messages) =>
      messages.map((one) => {
        const hasInode = /^\d+$/.test(valueOf(one, "__tag__:__inode__"));
        return `${containerOf(one)}: ${hasInode} ${valueOf(one, "__tag__:__file_offset__")}`;
      }),
    wanted: both("true 0", "true 5", "true 13", "true 19", "true 23", "true 31", "true 37", "true 41", "true 49"),
  },
  {
    name: "FileOffsetKey: the place in the file under another name",
    options: file("several.txt", "FileOffsetKey: at"),
    shown: fields("content", "at", "__tag__:__inode__"),
    wanted: ["files-c", "files-d"].flatMap((name) =>
      [
        "junk 0 -",
        "start 1 5 -",
        " more 13 -",
        "end 19 -",
        "start 2 23 -",
        " more 31 -",
        "end 37 -",
        "start 3 41 -",
        " more 49 -",
      ].map((one) => `${name} ${one}`)
    ),
  },
  {
    name:
      "Multiline: Mode custom, IgnoringUnmatchWarning; StartPattern: begins a record, the last of which waits for more",
    options: file(
      "several.txt",
      "Multiline: { Mode: custom, StartPattern: start.*, IgnoringUnmatchWarning: true }",
      "FlushTimeoutSecs: 3600",
    ),
    wanted: both(...SEVERAL.complete),
  },
  {
    name: "Multiline: StartPattern with EndPattern, UnmatchedContentTreatment: discard",
    options: file(
      "several.txt",
      "Multiline: { StartPattern: start.*, EndPattern: end, UnmatchedContentTreatment: discard }",
      "FlushTimeoutSecs: 3600",
    ),
    wanted: both(...SEVERAL.complete.slice(1)),
  },
  {
    name: "Multiline: ContinuePattern with StartPattern, UnmatchedContentTreatment: single_line",
    options: file(
      "several.txt",
      "Multiline: { StartPattern: start.*, ContinuePattern: ' .*', UnmatchedContentTreatment: single_line }",
      "FlushTimeoutSecs: 1",
    ),
    wanted: both(...SEVERAL.continued),
  },
  {
    name: "Multiline: EndPattern alone",
    options: file("several.txt", "Multiline: { EndPattern: end }", "FlushTimeoutSecs: 3600"),
    wanted: both("junk\nstart 1\n more\nend", "start 2\n more\nend"),
  },
  {
    name:
      "Tags: FilePathTagKey, FileInodeTagKey, K8sNamespaceTagKey, K8sPodNameTagKey, K8sPodUidTagKey, ContainerNameTagKey, ContainerIpTagKey, ContainerImageNameTagKey",
    options: [
      ...DISCOVERY,
      APP,
      "ContainerFilters: { IncludeEnv: { SIZE: '' } }",
      "Tags:",
      "  { FilePathTagKey: file, FileInodeTagKey: '', K8sNamespaceTagKey: space, K8sPodNameTagKey: pod, K8sPodUidTagKey: uid,",
      "    ContainerNameTagKey: box, ContainerIpTagKey: '', ContainerImageNameTagKey: image }",
    ],
    shown: (messages) => messages.map((one) => fieldsOf(one).map(([name]) => name.replace("__tag__:", "")).join(" ")),
    wanted: ["content file __user_defined_id__ image box pod space uid"],
  },
  {
    name: "Tags: ContainerImageTagKey: as the original's manual calls it",
    options: file("app.log", "Tags: { ContainerImageTagKey: picture }"),
    shown: fields("content", "__tag__:picture", "__tag__:_image_name_"),
    wanted: ["files-c app docker.io/library/nginx:latest -", "files-d app nginx:1.27 -"],
  },
];

const INFO = "ContainerInfo: { IncludeEnv: { ROLE: files }, ExcludeLabel: { none: '' } }";
const SHARED_LOG = "ForceMultiConfig: true";
/** Those of `file_log`. */
export const FILE_LOG_CASES: readonly OptionCase[] = [
  {
    name: "LogPath, FilePattern, ContainerFile, ContainerInfo: files in containers",
    options: ["LogPath: /data", "FilePattern: app.*", "ContainerFile: true", INFO, SHARED_LOG],
    wanted: both("app", "text"),
  },
  {
    name: "MaxDepth, DirBlackList, FilepathBlackList: which directories",
    options: [
      "LogPath: /data",
      "FilePattern: app.log",
      "MaxDepth: 3",
      "DirBlackList: [/data/deep]",
      "FilepathBlackList: [/data/app.log]",
      INFO,
      SHARED_LOG,
    ],
    wanted: both("skip"),
  },
  {
    name: "FileEncoding, ReaderFlushTimeout, TailSizeKB: how a file is read",
    options: [
      "LogPath: /data",
      "FilePattern: half.txt",
      "FileEncoding: gbk",
      "ReaderFlushTimeout: 1",
      "TailSizeKB: 1",
      INFO,
      SHARED_LOG,
    ],
    wanted: both("half a line"),
  },
  {
    name: "EnableLogPositionMeta: the place in the file",
    options: ["LogPath: /data", "FilePattern: app.log", "EnableLogPositionMeta: true", INFO, SHARED_LOG],
    shown: fields("content", "__tag__:__file_offset__"),
    wanted: ["files-c app 0", "files-d app 0"],
  },
];
