import { assertEquals, assertThrows } from "@std/assert";
import { ENVIRONMENT_VARIABLES, type Flags, resolveOptions, SETTINGS, UsageError } from "./resolve_options.ts";

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
    staticContainersFile: undefined,
    hostIp: "",
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
  for (const { variables } of Object.values(SETTINGS)) {
    for (const name of variables) {
      const value = name.includes("LOG_LEVEL") ? "error" : `/value/of/${name}`;
      assertEquals(Object.values(resolve({}, { [name]: value })).includes(value), true, name);
      assertEquals(ENVIRONMENT_VARIABLES.includes(name), true);
    }
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

Deno.test("the program is permitted to read every variable that it asks for", () => {
  const { permissions } = JSON.parse(Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)));
  assertEquals(ENVIRONMENT_VARIABLES.filter((name) => !permissions.sluice.env.includes(name)), []);
});
