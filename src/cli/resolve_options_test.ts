import { assertEquals, assertThrows } from "@std/assert";
import {
  ENVIRONMENT_VARIABLES,
  type Flags,
  resolveConfigPath,
  resolveOptions,
  SETTINGS,
  UsageError,
} from "./resolve_options.ts";

function resolve(flags: Flags, variables: Record<string, string> = {}, directories: string[] = []) {
  return resolveOptions(flags, {
    tryVariable: (name) => variables[name],
    isDirectory: (path) => directories.includes(path),
  });
}

Deno.test("without anything the original's places are used", () => {
  assertEquals(resolve({}), {
    configPath: "/usr/local/ilogtail/config/local",
    hostRoot: "/",
    checkpointDirectory: "/usr/local/ilogtail/checkpoint",
    containerdSocket: undefined,
    dockerSocket: undefined,
    containerdStateDirectory: undefined,
    staticContainersFile: undefined,
    releaseAfterMs: 120_000,
    keepFree: { percent: 15 },
    hostIp: "",
    cpuCoresMax: undefined,
    memoryBytesMax: undefined,
    threads: 1,
    logLevel: "info",
    printToStdout: false,
  });
});

Deno.test("a flag wins over Sluice's variable, that over the original's", () => {
  const variables = { SLUICE_CHECKPOINT: "/ours", ALIYUN_LOGTAIL_CHECK_POINT_PATH: "/theirs" };
  assertEquals(resolve({ checkpoint: "/flag" }, variables).checkpointDirectory, "/flag");
  assertEquals(resolve({}, variables).checkpointDirectory, "/ours");
  assertEquals(resolve({}, { ...variables, SLUICE_CHECKPOINT: "" }).checkpointDirectory, "/theirs");
});

Deno.test("every variable reaches its setting", () => {
  const special: Record<string, readonly [given: string, meaning: unknown]> = {
    logLevel: ["error", "error"],
    releaseAfter: ["7", 7000],
    keepFree: ["2GB", { bytes: 2e9 }],
    cpuLimit: ["0.4", 0.4],
    threads: ["3", 3],
    memoryLimit: ["384", 384 * 1024 * 1024],
  };
  for (const [setting, { variables }] of Object.entries(SETTINGS)) {
    for (const name of variables) {
      const [given, meaning] = special[setting] ?? [`/value/of/${name}`, `/value/of/${name}`];
      const values = Object.values(resolve({}, { [name]: given }));
      assertEquals(values.some((value) => JSON.stringify(value) === JSON.stringify(meaning)), true, name);
      assertEquals(ENVIRONMENT_VARIABLES.includes(name), true);
    }
  }
});

Deno.test("the Docker socket is a path, as Docker's own variable writes it too; another machine is refused", () => {
  for (const given of ["/run/own.sock", "unix:///run/own.sock", " unix:/run/own.sock "]) {
    assertEquals(resolve({ dockerSocket: given }).dockerSocket, "/run/own.sock");
    assertEquals(resolve({}, { DOCKER_HOST: given }).dockerSocket, "/run/own.sock");
  }
  assertEquals(resolve({}, { DOCKER_HOST: "unix://" }).dockerSocket, undefined);
  for (const given of ["tcp://127.0.0.1:2375", "ssh://me@node", "docker.sock", "unix://docker.sock"]) {
    assertThrows(() => resolve({}, { DOCKER_HOST: given }), UsageError, given);
    const surroundings = { tryVariable: (name: string) => ({ DOCKER_HOST: given })[name], isDirectory: () => false };
    assertEquals(resolveConfigPath({ config: "/pipelines" }, surroundings), "/pipelines");
  }
});

Deno.test("only the default host root gives way to / when it is not there", () => {
  assertEquals(resolve({}, {}, ["/logtail_host"]).hostRoot, "/logtail_host");
  assertEquals(resolve({ hostRoot: "/host" }).hostRoot, "/host");
});

Deno.test("log levels are ours or the original's, in any case", () => {
  for (
    const [given, used] of [["WARN", "warn"], ["warning", "warn"], ["Trace", "debug"], ["fatal", "error"]] as const
  ) {
    assertEquals(resolve({ logLevel: given }).logLevel, used);
  }
  for (const given of ["loud", "toString", "1"]) assertThrows(() => resolve({ logLevel: given }), UsageError, given);
});

Deno.test("files of stopped containers are held for so many seconds, for none, or until they are read", () => {
  const sizes = { "0": 0, "512": 512, "512B": 512, "3kb": 3000, "20MB": 20e6, "1t": 1e12 };
  for (const [given, bytes] of Object.entries(sizes)) assertEquals(resolve({ keepFree: given }).keepFree, { bytes });
  assertEquals(resolve({ keepFree: "0.5%" }).keepFree, { percent: 0.5 });
  for (const given of ["101%", "-1", "10 GB", "half"]) {
    assertThrows(() => resolve({ keepFree: given }), UsageError, given);
  }
  assertEquals(resolve({ releaseAfter: "0" }).releaseAfterMs, 0);
  assertEquals(resolve({ releaseAfter: "-1" }).releaseAfterMs, undefined);
  for (const given of ["-2", "2m", "1.5"]) assertThrows(() => resolve({ releaseAfter: given }), UsageError, given);
});

Deno.test("limits are numbers of cores and of MB, or none", () => {
  assertEquals(resolve({ cpuLimit: " 1 " }).cpuCoresMax, 1);
  assertEquals(resolve({ memoryLimit: "512" }).memoryBytesMax, 512 * 1024 * 1024);
  assertEquals(resolve({ cpuLimit: "0", memoryLimit: "0.0" }).cpuCoresMax, undefined);
  assertEquals(resolve({ cpuLimit: "0", memoryLimit: "0.0" }).memoryBytesMax, undefined);
  for (const given of ["-1", "100m", "half", "1e3", "Infinity"]) {
    assertThrows(() => resolve({ cpuLimit: given }), UsageError, given);
    assertThrows(() => resolve({ memoryLimit: given }), UsageError, given);
  }
});

Deno.test("there is at least one thread", () => {
  assertEquals(resolve({}, { process_thread_count: "2" }).threads, 2);
  for (const given of ["0", "-1", "1.5", "many", "65", "1000"]) {
    assertThrows(() => resolve({ threads: given }), UsageError, given);
  }
});
