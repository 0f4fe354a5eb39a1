import { assertEquals } from "@std/assert";
import { TAG_NAMES } from "./container_tags.ts";
import { inputFileOptions } from "./input_file_options.ts";

const PATH = "/var/log/*.log";

const parse = (given: object) => inputFileOptions().parse({ FilePaths: PATH, ...given });
const find = (given: object) => parse(given).find;
const faults = (given: object) => {
  const { error } = inputFileOptions().safeParse({ FilePaths: PATH, ...given });
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

Deno.test("with paths alone the node's files are read whole, for this pipeline alone", () => {
  assertEquals(parse({}), {
    encoding: "utf8",
    startBytesBeforeEndMax: undefined,
    flushTimeoutMs: 60_000,
    skipAboveBytes: 0,
    warnAboveBytes: 209_715_200,
    multiline: undefined,
    lineBytesMax: 524_288,
    find: {
      filePaths: [PATH],
      maxDirSearchDepth: 0,
      excludeFilePaths: [],
      excludeFiles: [],
      excludeDirs: [],
      rootAllowed: false,
    },
    isShared: false,
    readsNewFilesWhole: false,
    containers: undefined,
    tagNames: { ...TAG_NAMES, path: "__path__", inode: undefined, offsetField: undefined },
  });
});

Deno.test("FilePaths is a path or a list of paths, as the walk-through writes it", () => {
  assertEquals(find({ FilePaths: "/root/log/json.log" }).filePaths, ["/root/log/json.log"]);
  assertEquals(find({ FilePaths: ["/a/*.log", "/b/**/x"] }).filePaths, ["/a/*.log", "/b/**/x"]);
});

Deno.test("FilePaths is checked: all that is wrong with a path is said at its place", () => {
  assertEquals(faults({ FilePaths: ["/good/x.log", "var/log/x.log", "/a/**/b/x.log"] }), [
    "FilePaths.1: it must begin with /",
    "FilePaths.2: ** may only stand alone, as the last directory before the name: /var/log/**/*.log",
  ]);
  assertEquals(faults({ FilePaths: [] }), ["FilePaths: needs at least one path"]);
  assertEquals(faults({ FilePaths: undefined }), ["FilePaths: missing: must be a list of paths"]);
  assertEquals(faults({ FilePaths: { a: "b" } }), ["FilePaths: must be a list of paths, not a map"]);
});

Deno.test("MaxDirSearchDepth is how many levels below a ** are looked into; -1: all", () => {
  assertEquals(["0", "1000", "-1"].map((depth) => find({ MaxDirSearchDepth: depth }).maxDirSearchDepth), [0, 1000, -1]);
  assertEquals(faults({ MaxDirSearchDepth: "1001" }), [
    'MaxDirSearchDepth: must be a whole number from -1 to 1000, not "1001"',
  ]);
});

Deno.test("ExcludeFilePaths leaves out paths, which must be absolute", () => {
  assertEquals(find({ ExcludeFilePaths: ["/var/log/a*.log"] }).excludeFilePaths, ["/var/log/a*.log"]);
  assertEquals(faults({ ExcludeFilePaths: ["/a", "a.log"] }), [
    'ExcludeFilePaths.1: "a.log" must be an absolute path',
  ]);
});

Deno.test("ExcludeFiles leaves out names, which hold no /", () => {
  assertEquals(find({ ExcludeFiles: ["debug*.log"] }).excludeFiles, ["debug*.log"]);
  assertEquals(faults({ ExcludeFiles: ["/var/log/a.log", ""] }), [
    'ExcludeFiles.0: "/var/log/a.log" must be a file\'s name: paths go under ExcludeFilePaths',
    "ExcludeFiles.1: must not be empty",
  ]);
});

Deno.test("ExcludeDirs leaves out directories, which must be absolute", () => {
  assertEquals(find({ ExcludeDirs: "/var/log/old" }).excludeDirs, ["/var/log/old"]);
  assertEquals(faults({ ExcludeDirs: ["old"] }), ['ExcludeDirs.0: "old" must be an absolute path']);
});

Deno.test("AllowingCollectingFilesInRootDir allows files directly in /", () => {
  assertEquals(faults({ FilePaths: "/x.log" })?.length, 1);
  assertEquals(find({ FilePaths: "/x.log", AllowingCollectingFilesInRootDir: "true" }).rootAllowed, true);
});

Deno.test("AllowingIncludedByMultiConfigs shares files with other pipelines", () => {
  assertEquals(parse({ AllowingIncludedByMultiConfigs: "true" }).isShared, true);
});

Deno.test("EnableContainerDiscovery looks into containers, without ContainerFilters into all", () => {
  const all = parse({ EnableContainerDiscovery: "true" }).containers;
  assertEquals(Object.values(all?.filter ?? {}).every((rule) => Object.keys(rule).length === 0), true);
  const given = {
    EnableContainerDiscovery: "true",
    ContainerFilters: { IncludeContainerLabel: { "io.kubernetes.container.name": "json-log" } },
    ExternalEnvTag: { STAGE: "stage" },
    ExternalK8sLabelTag: { app: "_app_" },
  };
  const { containers } = parse(given);
  assertEquals(containers?.filter.includeContainerLabel, { "io.kubernetes.container.name": "json-log" });
  assertEquals(containers?.externalTags, {
    envTag: { STAGE: "stage" },
    k8sLabelTag: { app: "_app_" },
    missing: "omit",
  });
});

Deno.test("options of containers are errors without EnableContainerDiscovery, and filters beside their section always", () => {
  assertEquals(faults({ ContainerFilters: { IncludeEnv: { A: "b" } }, ExternalEnvTag: { A: "a" } }), [
    "ContainerFilters: has no effect without EnableContainerDiscovery: true",
    "ExternalEnvTag: has no effect without EnableContainerDiscovery: true",
  ]);
  assertEquals(faults({ EnableContainerDiscovery: "true", K8sPodRegex: "^web" }), [
    "K8sPodRegex: belongs under ContainerFilters",
  ]);
});

Deno.test("FileEncoding, TailSizeKB, FlushTimeoutSecs and Multiline say how a file is read", () => {
  const options = parse({
    FileEncoding: "utf16",
    TailSizeKB: "2",
    FlushTimeoutSecs: "3",
    Multiline: { StartPattern: "^\\[", UnmatchedContentTreatment: "discard" },
  });
  assertEquals([options.encoding, options.startBytesBeforeEndMax, options.flushTimeoutMs], ["utf16", 2048, 3000]);
  assertEquals([options.multiline?.mode, options.multiline?.unmatched], ["start", "discard"]);
});

Deno.test("TailingAllMatchedFiles reads new files whole", () => {
  assertEquals(parse({ TailingAllMatchedFiles: "true" }).readsNewFilesWhole, true);
});

Deno.test("ReadDelaySkipThresholdBytes and ReadDelayAlertThresholdBytes limit the unread rest", () => {
  const options = parse({ ReadDelaySkipThresholdBytes: "9", ReadDelayAlertThresholdBytes: "8" });
  assertEquals([options.skipAboveBytes, options.warnAboveBytes], [9, 8]);
});

Deno.test("AppendingLogPositionMeta, FileOffsetKey and Tags name tags and fields", () => {
  const { tagNames } = parse({ FileOffsetKey: "offset", Tags: { FilePathTagKey: "file", ContainerIpTagKey: "" } });
  assertEquals([tagNames.offsetField, tagNames.inode, tagNames.path, tagNames.ip], ["offset", undefined, "file", ""]);
  const position = parse({ AppendingLogPositionMeta: "true" }).tagNames;
  assertEquals([position.offsetField, position.inode], ["__tag__:__file_offset__", "__inode__"]);
});

Deno.test("EnableExactlyOnce is refused with the reason, unless it is 0", () => {
  const reason = "in the original, too, it works with flusher_sls only; flusher_kafka_v2 has Delivery: exactly_once";
  assertEquals(faults({ EnableExactlyOnce: "4" }), [`EnableExactlyOnce: not supported: ${reason}`]);
  assertEquals(faults({ EnableExactlyOnce: "0" }), undefined);
});

Deno.test("options without effect here are checked and change nothing", () => {
  const cases: readonly [string, string][] = [
    ["PreservedDirDepth", "3"],
    ["CloseUnusedReaderIntervalSec", "60"],
    ["RotatorQueueSize", "20"],
    ["MaxCheckpointDirSearchDepth", "1"],
    ["FileWriteMode", "append"],
    ["MaxWholeFileBytes", "1"],
    ["CollectingContainersMeta", "true"],
  ];
  for (const [name, value] of cases) assertEquals(parse({ [name]: value }), parse({}), name);
  assertEquals(faults({ PreservedDirDepth: "-2" }), [
    'PreservedDirDepth: must be a whole number, -1 or more, not "-2"',
  ]);
});
