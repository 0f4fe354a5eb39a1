import { assertEquals } from "@std/assert";
import { fileLogOptions } from "./file_log.ts";
import { inputFileOptions } from "./input_file_options.ts";

const FILES = { LogPath: "/home/test-log/", FilePattern: "*.log" };

const parse = (given: object) => fileLogOptions().parse({ ...FILES, ...given });
const faults = (given: object) => {
  const { error } = fileLogOptions().safeParse({ ...FILES, ...given });
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

Deno.test("file_log is input_file, but that an incomplete line waits for 5 seconds", () => {
  const same = inputFileOptions().parse({ FilePaths: "/home/test-log/*.log", FlushTimeoutSecs: "5" });
  assertEquals(parse({}), same);
});

Deno.test("every old option has its new one", () => {
  const old = parse({
    MaxDepth: "3",
    DirBlackList: ["/home/test-log/old"],
    FilepathBlackList: ["/home/test-log/a.log"],
    ForceMultiConfig: "true",
    TailSizeKB: "1024",
    ReaderFlushTimeout: "7",
    DelayAlarmBytes: "10",
    DelaySkipBytes: "20",
    EnableLogPositionMeta: "true",
    FileEncoding: "gbk",
    Preserve: "false",
    PreserveDepth: "1",
    TopicFormat: "none",
  });
  const now = inputFileOptions().parse({
    FilePaths: "/home/test-log/**/*.log",
    MaxDirSearchDepth: "3",
    ExcludeDirs: ["/home/test-log/old"],
    ExcludeFilePaths: ["/home/test-log/a.log"],
    AllowingIncludedByMultiConfigs: "true",
    TailSizeKB: "1024",
    FlushTimeoutSecs: "7",
    ReadDelayAlertThresholdBytes: "10",
    ReadDelaySkipThresholdBytes: "20",
    AppendingLogPositionMeta: "true",
    FileEncoding: "gbk",
  });
  assertEquals(old, now);
});

Deno.test("ContainerInfo looks into containers, with ContainerFile or without, as in the original's examples", () => {
  const filter = { K8sPodRegex: "^(deploy.*)$", IncludeK8sLabel: { version: "v1.0" }, ExcludeEnv: { ID: "123" } };
  const external = { ExternalK8sLabelTag: { app: "_app_" }, ExternalEnvTag: { STAGE: "stage" } };
  const now = inputFileOptions().parse({
    FilePaths: "/home/test-log/*.log",
    FlushTimeoutSecs: "5",
    EnableContainerDiscovery: "true",
    ContainerFilters: { ...filter, IncludeContainerLabel: { a: "b" } },
    ...external,
  });
  const ContainerInfo = { ...filter, ...external, IncludeLabel: { a: "b" } };
  assertEquals(parse({ ContainerInfo }), now);
  assertEquals(parse({ ContainerInfo, ContainerFile: "true" }), now);
  assertEquals(faults({ ContainerInfo, ContainerFile: "false" }), [
    "ContainerInfo: has no effect with ContainerFile: false",
  ]);
});

Deno.test("ContainerFile alone looks into all containers", () => {
  const all = inputFileOptions().parse({
    FilePaths: "/a",
    AllowingCollectingFilesInRootDir: "true",
    EnableContainerDiscovery: "true",
  });
  assertEquals(parse({ ContainerFile: "true" }).containers, all.containers);
  assertEquals(parse({ DockerFile: "true" }).containers, all.containers);
  assertEquals(parse({ ContainerFile: "false" }).containers, undefined);
});

Deno.test("what would be overlooked or cannot be found is an error", () => {
  assertEquals(faults({ IncludeEnv: { A: "b" } }), ["IncludeEnv: belongs under ContainerInfo"]);
  assertEquals(faults({ LogPath: "home" }), ["LogPath: it must begin with /"]);
  assertEquals(faults({ FilePattern: "a/*.log" }), ["FilePattern: must be a name: directories go under LogPath"]);
  assertEquals(faults({ FilePattern: undefined }), ["FilePattern: missing: must be text"]);
  assertEquals(faults({ DirBlackList: ["old"] }), ['DirBlackList.0: "old" must be an absolute path']);
  assertEquals(faults({ TopicFormat: "default" }), ["TopicFormat: not supported yet"]);
});
