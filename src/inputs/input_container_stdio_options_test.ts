import { assertEquals } from "@std/assert";
import { TAG_NAMES } from "./container_tags.ts";
import { inputContainerStdioOptions } from "./input_container_stdio_options.ts";

const parse = (given: object) => inputContainerStdioOptions().parse(given);
const faults = (given: object) => {
  const { error } = inputContainerStdioOptions().safeParse(given);
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

Deno.test("without options every container is read whole, both streams, for this pipeline alone", () => {
  const { containers, ...options } = parse({});
  assertEquals(options, {
    encoding: "utf8",
    startBytesBeforeEndMax: undefined,
    flushTimeoutMs: 60_000,
    skipAboveBytes: 0,
    warnAboveBytes: 209_715_200,
    multiline: undefined,
    lineBytesMax: 524_288,
    stdout: true,
    stderr: true,
    tagNames: TAG_NAMES,
    isShared: false,
    keepsMalformedLines: true,
    warnsOfMalformedLines: true,
  });
  assertEquals(containers.externalTags, { envTag: {}, k8sLabelTag: {}, missing: "omit" });
});

Deno.test("IgnoringStdout and IgnoringStderr leave out a stream each; both together are an error", () => {
  const streams = ({ stdout, stderr }: { stdout: boolean; stderr: boolean }) => [stdout, stderr];
  assertEquals(streams(parse({ IgnoringStdout: "true" })), [false, true]);
  assertEquals(streams(parse({ IgnoringStderr: "true" })), [true, false]);
  assertEquals(faults({ IgnoringStdout: "true", IgnoringStderr: "true" }), [
    "IgnoringStderr: nothing is left to collect: IgnoringStdout is true as well",
  ]);
});

Deno.test("TailSizeKB, FlushTimeoutSecs and Multiline say how the log is read", () => {
  const options = parse({ TailSizeKB: "1", FlushTimeoutSecs: "2", Multiline: { EndPattern: "END" } });
  assertEquals([options.startBytesBeforeEndMax, options.flushTimeoutMs], [1024, 2000]);
  assertEquals(options.multiline?.mode, "end");
});

Deno.test("FileEncoding may be what keeps the runtime's own part of a line readable", () => {
  assertEquals(parse({ FileEncoding: "GBK" }).encoding, "gbk");
  assertEquals(faults({ FileEncoding: "utf16" }), [
    "FileEncoding: utf16 cannot be: container runtimes write lines of single bytes",
  ]);
});

Deno.test("ContainerFilters chooses containers", () => {
  const { containers } = parse({ ContainerFilters: { IncludeK8sLabel: { app: "nginx" } } });
  assertEquals(containers.filter.includeK8sLabel, { app: "nginx" });
  assertEquals(faults({ IncludeK8sLabel: { app: "nginx" } }), ["IncludeK8sLabel: belongs under ContainerFilters"]);
});

Deno.test("ExternalK8sLabelTag and ExternalEnvTag give no tag for what a container does not have", () => {
  const { externalTags } = parse({ ExternalK8sLabelTag: { app: "a" }, ExternalEnvTag: { STAGE: "s" } }).containers;
  assertEquals(externalTags, { envTag: { STAGE: "s" }, k8sLabelTag: { app: "a" }, missing: "omit" });
});

Deno.test("AllowingIncludedByMultiConfigs shares containers with other pipelines", () => {
  assertEquals(parse({ AllowingIncludedByMultiConfigs: "true" }).isShared, true);
});

Deno.test("KeepingSourceWhenParseFail and IgnoreParseWarning say what becomes of lines that are not the runtime's", () => {
  assertEquals(parse({ KeepingSourceWhenParseFail: "false" }).keepsMalformedLines, false);
  assertEquals(parse({ IgnoreParseWarning: "true" }).warnsOfMalformedLines, false);
});

Deno.test("Tags gives the container's tags other names", () => {
  assertEquals(parse({ Tags: { K8sPodNameTagKey: "pod", K8sPodUidTagKey: "" } }).tagNames, {
    ...TAG_NAMES,
    pod: "pod",
    podUid: "",
  });
});

Deno.test("CollectingContainersMeta is accepted and changes nothing", () => {
  assertEquals(parse({ CollectingContainersMeta: "true" }), parse({}));
});

Deno.test("what only a file has is refused", () => {
  const reason = "not supported: records of a container's output do not tell their place in a file";
  assertEquals(faults({ FileOffsetKey: "offset", AppendingLogPositionMeta: "true" }), [
    `FileOffsetKey: ${reason}`,
    `AppendingLogPositionMeta: ${reason}`,
  ]);
});
