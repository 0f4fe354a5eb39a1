import { assertEquals } from "@std/assert";
import { rowsOf } from "../../tests/support/decoding.ts";
import { noCounts, testInputContext, WEB } from "../../tests/support/inputs.ts";
import { testKernel } from "../../tests/support/kernel.ts";
import { NodeDirectory } from "../../tests/support/node_directory.ts";
import type { Container } from "../core/container.ts";
import type { Source } from "../core/source.ts";
import { InputFile } from "./input_file.ts";
import { inputFileOptions } from "./input_file_options.ts";

const DISCOVERY = { EnableContainerDiscovery: "true" };

/** The same container with its root file system at `/root` of the node, and what else it has. */
function container(more: Partial<Container> = {}): Container {
  return { ...WEB, rootPaths: ["/root"], ...more };
}

function makeInput(given: object, hostRoot: string, context = testInputContext(hostRoot)): InputFile {
  return new InputFile(inputFileOptions().parse(given), context);
}

/** The paths that are found in a container with these files below its root. */
function pathsFound(given: object, files: readonly string[]): string[] {
  using node = new NodeDirectory();
  for (const path of files) node.file(`/root${path}`);
  return makeInput({ ...DISCOVERY, ...given }, node.path).sources(container()).map(({ path }) => path);
}

const TREE = ["/log/a.log", "/log/b.log", "/log/b.txt", "/log/deep/c.log", "/log/deep/deeper/d.log", "/other/e.log"];

Deno.test("FilePaths: a path, a pattern of names, or a list of them", () => {
  assertEquals(pathsFound({ FilePaths: "/log/a.log" }, TREE), ["/log/a.log"]);
  assertEquals(pathsFound({ FilePaths: ["/log/*.log"] }, TREE), ["/log/a.log", "/log/b.log"]);
  assertEquals(pathsFound({ FilePaths: ["/log/b.*", "/o*/e.log"] }, TREE), [
    "/log/b.log",
    "/log/b.txt",
    "/other/e.log",
  ]);
});

Deno.test("MaxDirSearchDepth: how many levels below ** are searched", () => {
  const paths = "/log/**/*.log";
  assertEquals(pathsFound({ FilePaths: paths }, TREE), ["/log/a.log", "/log/b.log"]);
  assertEquals(pathsFound({ FilePaths: paths, MaxDirSearchDepth: "1" }, TREE).at(-1), "/log/deep/c.log");
  assertEquals(pathsFound({ FilePaths: paths, MaxDirSearchDepth: "-1" }, TREE).at(-1), "/log/deep/deeper/d.log");
});

Deno.test("ExcludeFilePaths, ExcludeFiles, ExcludeDirs: what is left out", () => {
  const given = { FilePaths: "/log/**/*.log", MaxDirSearchDepth: "5" };
  const all = ["/log/a.log", "/log/b.log", "/log/deep/c.log", "/log/deep/deeper/d.log"];
  assertEquals(pathsFound(given, TREE), all);
  assertEquals(
    pathsFound({ ...given, ExcludeFilePaths: ["/log/deep/*.log"] }, TREE),
    all.filter((path) => !path.endsWith("c.log")),
  );
  assertEquals(pathsFound({ ...given, ExcludeFiles: ["[bc].*"] }, TREE), [all[0], all[3]]);
  assertEquals(pathsFound({ ...given, ExcludeDirs: ["/log/deep"] }, TREE), all.slice(0, 2));
});

Deno.test("AllowingCollectingFilesInRootDir: files in the root itself", () => {
  const given = { FilePaths: "/*.log", AllowingCollectingFilesInRootDir: "true" };
  assertEquals(pathsFound(given, ["/x.log", "/log/a.log"]), ["/x.log"]);
});

Deno.test("rotated and compressed files are not sources of their own", () => {
  const files = ["/log/a.log", "/log/a.log.1", "/log/a.log.20261123-120000", "/log/a.log.2.gz"];
  assertEquals(pathsFound({ FilePaths: "/log/*" }, files), ["/log/a.log"]);
});

Deno.test("EnableContainerDiscovery: mounts are looked at first, then the container's root; without it, the node's files", () => {
  using node = new NodeDirectory();
  node.file("/root/log/a.log").file("/root/log/hidden.log").file("/volume/b.log").file("/data/c.log");
  const withVolume = container({ mounts: [{ destination: "/log/volume", source: "/volume" }] });
  const input = makeInput({ ...DISCOVERY, FilePaths: ["/log/*.log", "/log/volume/*.log"] }, node.path);
  assertEquals(input.sources(withVolume).map(({ key, path }) => [key, path]), [
    ["file:/root/log/a.log", "/log/a.log"],
    ["file:/root/log/hidden.log", "/log/hidden.log"],
    ["file:/volume/b.log", "/log/volume/b.log"],
  ]);
  assertEquals(input.sources(undefined).length, 0);
  const ofNode = makeInput({ FilePaths: `${node.path}/data/*.log` }, node.path);
  assertEquals([ofNode.readsNode, ofNode.decide(withVolume).matches], [true, false]);
  const [{ key, path, files, container: of }] = ofNode.sources(undefined);
  assertEquals([key, path, files, of], [
    `local:${node.path}/data/c.log`,
    `${node.path}/data/c.log`,
    undefined,
    undefined,
  ]);
});

Deno.test("a file that two containers share, by a volume, has one key", () => {
  using node = new NodeDirectory();
  node.file("/volume/x.log");
  const input = makeInput({ ...DISCOVERY, FilePaths: ["/a/*.log", "/b/*.log"] }, node.path);
  const keys = ["/a", "/b"].flatMap((destination, index) => {
    return input.sources(container({ id: `c${index}`, mounts: [{ destination, source: "/volume" }] })).map(({ key }) =>
      key
    );
  });
  assertEquals(keys, ["file:/volume/x.log", "file:/volume/x.log"]);
});

Deno.test("what happens to the names in a directory is told to those who follow its files; a link's target is not watched", () => {
  using node = new NodeDirectory();
  node.file("/root/log/a.log").file("/root/data/b.log").link("/root/log/b.log", "/data/b.log");
  const context = testInputContext(node.path);
  const input = makeInput({ ...DISCOVERY, FilePaths: "/log/*.log" }, node.path, context);
  const web = container();
  const [a, b] = input.sources(web);
  assertEquals([a.watch?.changes, b.watch], [1, undefined]);
  node.file("/root/log/c.log");
  // Two changes within one tick of the file system's clock would look like one.
  Deno.utimeSync(`${node.path}/root/log`, 1_790_000_000, 1_790_000_000);
  input.sources(web);
  assertEquals(a.watch?.changes, 2);
});

Deno.test("a container whose root is not visible is told of, where no file is found in its mounts", () => {
  using node = new NodeDirectory();
  const context = testInputContext(node.path);
  const input = makeInput({ ...DISCOVERY, FilePaths: "/log/*.log" }, node.path, context);
  const hidden = container({ rootPaths: ["/nowhere"] });
  assertEquals(input.sources(hidden), []);
  assertEquals(input.tryProblem(hidden), "its root file system is not visible: /nowhere is not there");
  assertEquals(context.log.lines, [
    "throttled find in container web-1: Files in container web-1: its root file system is not visible: /nowhere is not there",
  ]);
  assertEquals(input.tryProblem(container()), undefined);
});

Deno.test("ContainerFilters: which containers are searched", () => {
  const input = makeInput(
    { ...DISCOVERY, FilePaths: "/log/a.log", ContainerFilters: { K8sPodRegex: "^web" } },
    "/host",
  );
  assertEquals(input.decide(WEB).matches, true);
  assertEquals(input.decide({ ...WEB, pod: { ...WEB.pod!, name: "api-1" } }).matches, false);
});

Deno.test("TailSizeKB, TailingAllMatchedFiles: where a file that was there before is begun; new ones at their first byte", () => {
  using node = new NodeDirectory();
  const starts = (given: object) => {
    node.file("/root/log/a.log");
    const input = makeInput({ ...DISCOVERY, FilePaths: "/log/*.log", ...given }, node.path);
    const first = input.sources(container());
    node.file("/root/log/b.log");
    const both = input.sources(container());
    Deno.removeSync(`${node.path}/root/log/b.log`);
    return [...first, ...both.slice(1)].map(({ start }) => start);
  };
  assertEquals(starts({}), ["first", "first"]);
  assertEquals(starts({ TailSizeKB: "1" }), [1024, "first"]);
  assertEquals(starts({ TailSizeKB: "1", TailingAllMatchedFiles: "true" }), ["first", "first"]);
});

/** The fields of the records of a file with this text. */
function recordsOf(given: object, bytes: Uint8Array): Record<string, string>[] {
  const kernel = testKernel();
  const input = makeInput({ FilePaths: "/log/a.log", ...given }, "/host");
  const source: Source = {
    key: "local:/log/a.log",
    path: "/log/a.log",
    tags: [["__tag__:__path__", "/log/a.log"]],
    start: "first",
  };
  const decoder = input.decoder(kernel, source, noCounts());
  decoder.beginFile({ device: 1, inode: 77, headBytes: 0, headHash: 0 });
  kernel.chunk.set(bytes);
  const batch = decoder.decode({ offset: 0, size: bytes.length });
  const rows = rowsOf(kernel, batch);
  rows.push(...rowsOf(kernel, decoder.flush(bytes.length, "ended")));
  return rows.map((row) => {
    return Object.fromEntries(
      batch.fields.map((
        field,
      ) => [field.name, "text" in field ? field.text : [row.content, "", "", row.offset][field.column]]),
    );
  });
}

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("AppendingLogPositionMeta, FileOffsetKey, Tags: the place of a record in its file", () => {
  const tag = { "__tag__:__path__": "/log/a.log" };
  const text = encode("one\ntwo\n");
  assertEquals(recordsOf({}, text), [{ content: "one", ...tag }, { content: "two", ...tag }]);
  assertEquals(recordsOf({ AppendingLogPositionMeta: "true" }, text), [
    { content: "one", ...tag, "__tag__:__inode__": "77", "__tag__:__file_offset__": "0" },
    { content: "two", ...tag, "__tag__:__inode__": "77", "__tag__:__file_offset__": "4" },
  ]);
  assertEquals(recordsOf({ FileOffsetKey: "at" }, text)[1], { content: "two", ...tag, at: "4" });
  assertEquals(recordsOf({ Tags: { FileInodeTagKey: "inode" } }, text)[1], {
    content: "two",
    ...tag,
    "__tag__:inode": "77",
  });
});

Deno.test("FileEncoding: utf8, gbk and utf16 arrive as UTF-8", () => {
  const cases: [string, Uint8Array][] = [
    ["utf8", encode("中文\n")],
    ["gbk", Uint8Array.of(0xd6, 0xd0, 0xce, 0xc4, 0x0a)],
    ["utf16", Uint8Array.of(0x2d, 0x4e, 0x87, 0x65, 0x0a, 0x00)],
  ];
  for (const [FileEncoding, bytes] of cases) {
    assertEquals(recordsOf({ FileEncoding }, bytes).map(({ content }) => content), ["中文"], FileEncoding);
  }
});

Deno.test("Multiline: lines are joined by patterns", () => {
  const given = { Multiline: { StartPattern: "\\d+ .*" } };
  assertEquals(recordsOf(given, encode("1 a\n\tb\n2 c\n")).map(({ content }) => content), ["1 a\n\tb", "2 c"]);
});

Deno.test("FlushTimeoutSecs, ReadDelay…, AllowingIncludedByMultiConfigs reach the reader", () => {
  const given = {
    FilePaths: ["/a/b/c.log", "/a/*.log"],
    FlushTimeoutSecs: "5",
    ReadDelaySkipThresholdBytes: "1000",
    ReadDelayAlertThresholdBytes: "500",
  };
  const input = makeInput(given, "/host");
  assertEquals(input.idleFlush, { afterMs: 5000, incompleteLines: true });
  assertEquals([input.lag.skipAboveBytes, input.lag.warnAboveBytes], [1000, 500]);
  assertEquals(input.exclusive, { baseDepth: 2 });
  assertEquals(makeInput({ ...given, AllowingIncludedByMultiConfigs: "true" }, "/host").exclusive, undefined);
});

Deno.test("the walk-through's tags are in its order, then external ones", () => {
  using node = new NodeDirectory();
  node.file("/root/log/x-json.log");
  const input = makeInput({
    ...DISCOVERY,
    FilePaths: "/log/*.log",
    ExternalK8sLabelTag: { app: "_app_" },
    ExternalEnvTag: { TIER: "_tier_", NONE: "_none_" },
  }, node.path);
  const [{ tags }] = input.sources(container({ ip: "10.0.0.9", env: { TIER: "front" } }));
  assertEquals(tags, [
    ["__tag__:__path__", "/log/x-json.log"],
    ["__tag__:__user_defined_id__", "default"],
    ["__tag__:_container_ip_", "10.0.0.9"],
    ["__tag__:_image_name_", "nginx"],
    ["__tag__:_container_name_", "nginx"],
    ["__tag__:_pod_name_", "web-1"],
    ["__tag__:_namespace_", "default"],
    ["__tag__:_pod_uid_", "u"],
    ["__tag__:_tier_", "front"],
    ["__tag__:_app_", "web"],
  ]);
});
