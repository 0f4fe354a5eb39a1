import { assertEquals } from "@std/assert";
import { serviceDockerStdoutOptions } from "./service_docker_stdout_options.ts";

const parse = (given: object) => serviceDockerStdoutOptions.parse(given);

Deno.test("without options every container is read whole, both streams", () => {
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
    startBytesBeforeEndMax: undefined,
    lineBytesMax: 524_288,
  });
});

Deno.test("both streams off collects stdout, as in the original", () => {
  const cases: readonly [string, string, boolean, boolean][] = [
    ["true", "false", true, false],
    ["false", "true", false, true],
    ["false", "false", true, false],
  ];
  for (const [Stdout, Stderr, stdout, stderr] of cases) {
    const options = parse({ Stdout, Stderr });
    assertEquals([options.stdout, options.stderr], [stdout, stderr]);
  }
});

Deno.test("the old label options are merged, the new ones winning", () => {
  const given = { IncludeLabel: { a: "old", b: "old" }, IncludeContainerLabel: { b: "new" }, ExcludeLabel: { c: "" } };
  assertEquals(parse(given).includeContainerLabel, { a: "old", b: "new" });
  assertEquals(parse(given).excludeContainerLabel, { c: "" });
});

Deno.test("the size of a record is kept within the original's limits", () => {
  for (const [given, used] of [["1", 1024], ["1024", 1024], ["9999999999", 20 << 20], ["4096", 4096]] as const) {
    assertEquals(parse({ MaxLogSize: given }).lineBytesMax, used);
  }
  assertEquals(parse({ StartLogMaxOffset: "131072" }).startBytesBeforeEndMax, 131_072);
});
