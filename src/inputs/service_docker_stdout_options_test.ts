import { assertEquals } from "@std/assert";
import { serviceDockerStdoutOptions } from "./service_docker_stdout_options.ts";

const parse = (given: object) => serviceDockerStdoutOptions().parse(given);
const faults = (given: object) => {
  const { error } = serviceDockerStdoutOptions().safeParse(given);
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

Deno.test("without options every container is read whole, both streams, a line a record", () => {
  assertEquals(parse({}), {
    stdout: true,
    stderr: true,
    includeContainerLabel: {},
    excludeContainerLabel: {},
    includeEnv: {},
    excludeEnv: {},
    includeK8sLabel: {},
    excludeK8sLabel: {},
    k8sNamespaceRegex: "",
    k8sPodRegex: "",
    k8sContainerRegex: "",
    externalEnvTag: {},
    externalK8sLabelTag: {},
    multiline: undefined,
    multilineTimeoutMs: 3000,
    startBytesBeforeEndMax: undefined,
    lineBytesMax: 524_288,
  });
});

Deno.test("Include… and Exclude… choose containers by label, variable and pod label", () => {
  const pairs = [
    ["IncludeContainerLabel", "includeContainerLabel"],
    ["ExcludeContainerLabel", "excludeContainerLabel"],
    ["IncludeEnv", "includeEnv"],
    ["ExcludeEnv", "excludeEnv"],
    ["IncludeK8sLabel", "includeK8sLabel"],
    ["ExcludeK8sLabel", "excludeK8sLabel"],
  ] as const;
  for (const [name, property] of pairs) {
    assertEquals(parse({ [name]: { app: "^web", tier: "" } })[property], { app: "^web", tier: "" }, name);
    const fault = "begins with ^ but is not a usable regular expression: Unterminated group";
    assertEquals(faults({ [name]: { app: "^(" } }), [`${name}.app: ${fault}`]);
  }
});

Deno.test("IncludeLabel and ExcludeLabel are merged, the new options winning", () => {
  const given = { IncludeLabel: { a: "old", b: "old" }, IncludeContainerLabel: { b: "new" }, ExcludeLabel: { c: "" } };
  assertEquals(parse(given).includeContainerLabel, { a: "old", b: "new" });
  assertEquals(parse(given).excludeContainerLabel, { c: "" });
});

Deno.test("K8sNamespaceRegex, K8sPodRegex and K8sContainerRegex are checked expressions", () => {
  const given = { K8sNamespaceRegex: "^(default)$", K8sPodRegex: "^(nginx-.*)$", K8sContainerRegex: "nginx" };
  const { k8sNamespaceRegex, k8sPodRegex, k8sContainerRegex } = parse(given);
  assertEquals([k8sNamespaceRegex, k8sPodRegex, k8sContainerRegex], Object.values(given));
  for (const name of Object.keys(given)) {
    assertEquals(faults({ [name]: "(a" }), [`${name}: not a usable regular expression: Unterminated group`]);
  }
});

Deno.test("ExternalEnvTag and ExternalK8sLabelTag name tags", () => {
  const given = { ExternalEnvTag: { STAGE: "stage" }, ExternalK8sLabelTag: { app: "_app_" } };
  assertEquals(parse(given).externalEnvTag, { STAGE: "stage" });
  assertEquals(parse(given).externalK8sLabelTag, { app: "_app_" });
  assertEquals(faults({ ExternalEnvTag: "STAGE" }), ['ExternalEnvTag: must be a map of names and texts, not "STAGE"']);
});

Deno.test("Stdout and Stderr choose streams; both off collects stdout, as in the original", () => {
  const cases: readonly [string, string, boolean, boolean][] = [
    ["true", "true", true, true],
    ["true", "false", true, false],
    ["false", "true", false, true],
    ["false", "false", true, false],
  ];
  for (const [Stdout, Stderr, stdout, stderr] of cases) {
    const options = parse({ Stdout, Stderr });
    assertEquals([options.stdout, options.stderr], [stdout, stderr]);
  }
});

Deno.test("BeginLineRegex joins lines; a broken one is an error that names it", () => {
  const { multiline } = parse({ BeginLineRegex: "\\d+-\\d+-\\d+.*" });
  assertEquals(multiline?.mode, "begin");
  assertEquals(multiline?.start?.test("at 2026-01-01 x"), true);
  assertEquals(faults({ BeginLineRegex: "(" }), [
    "BeginLineRegex: not a usable regular expression: Unterminated group",
  ]);
});

Deno.test("BeginLineCheckLength limits the bytes that are looked at, 10 KiB of them by default", () => {
  assertEquals(parse({ BeginLineRegex: "x" }).multiline?.checkBytesMax, 10_240);
  assertEquals(parse({ BeginLineRegex: "x", BeginLineCheckLength: "64" }).multiline?.checkBytesMax, 64);
});

Deno.test("BeginLineTimeoutMs ends a record to which nothing is added", () => {
  assertEquals(parse({ BeginLineTimeoutMs: "500" }).multilineTimeoutMs, 500);
});

Deno.test("MaxLogSize is kept within the original's limits", () => {
  for (const [given, used] of [["1", 1024], ["1024", 1024], ["9999999999", 20 << 20], ["4096", 4096]] as const) {
    assertEquals(parse({ MaxLogSize: given }).lineBytesMax, used);
  }
});

Deno.test("StartLogMaxOffset begins a log near its end; without it a log begins at its first byte", () => {
  assertEquals(parse({ StartLogMaxOffset: "131072" }).startBytesBeforeEndMax, 131_072);
  assertEquals(parse({}).startBytesBeforeEndMax, undefined);
});

Deno.test("options that tune the original's own machinery are checked and change nothing", () => {
  for (const name of ["FlushIntervalMs", "ReadIntervalMs", "SaveCheckPointSec", "CloseUnChangedSec"]) {
    assertEquals(parse({ [name]: "10" }), parse({}), name);
    assertEquals(faults({ [name]: "soon" }), [`${name}: must be a whole number, 0 or more, not "soon"`]);
  }
  assertEquals(parse({ LogtailInDocker: "false", CollectContainersFlag: "true" }), parse({}));
});
