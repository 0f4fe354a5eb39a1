/**
 * The binary's other commands, as a user calls them.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { MadeUpNode, pipelineText } from "../support/made_up_node.ts";
import { sluiceBinary } from "../support/sluice.ts";

const GOOD = pipelineText("web", "127.0.0.1:9092", "t");

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(await sluiceBinary(), { args, stdin: "null" }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** A directory of pipeline files. */
class ConfigDirectory implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "sluice-config-" });

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) Deno.writeTextFileSync(`${this.path}/${name}`, text);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("sluice containers --why names every container, who takes it and why others do not", async () => {
  using config = new ConfigDirectory({ "web.yaml": GOOD });
  using node = new MadeUpNode();
  const { path } = node.addContainer("web");
  node.addContainer("api");
  const places = ["--config", config.path, "--host-root", node.hostRoot, "--static-containers", node.staticContainers];
  const { code, stdout, stderr } = await run("containers", "--why", ...places);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^CONTAINER +STATE +ID +PIPELINES +LOG\n/);
  assertMatch(stdout, /default\/web-1\/web +running +web0+ +web +\/var\/log\/pods/);
  assertMatch(stdout, /default\/api-1\/api +running +api0+ +- .*\n +not web: label app is "api", wanted "web"\n/);
  const { stdout: json } = await run("containers", "--json", ...places);
  const [api, web] = JSON.parse(json);
  assertEquals([api.name, api.pipelines, web.name, web.pipelines], ["api", [], "web", ["web"]]);
  assertEquals(node.hostRoot + web.logPath, path);
});

Deno.test("sluice containers says when no runtime answers, and how one is named", async () => {
  using config = new ConfigDirectory({ "web.yaml": GOOD });
  const sockets = ["--containerd-socket", "/none/a.sock", "--docker-socket", "/none/b.sock"];
  const { code, stdout, stderr } = await run("containers", "--config", config.path, ...sockets);
  assertEquals([code, stdout], [0, "No containers found.\n"]);
  assertMatch(stderr, /No container runtime answers: .*--docker-socket/);
});

Deno.test("sluice check exits with 0 for what can run and with 2 for what cannot", async () => {
  using good = new ConfigDirectory({ "web.yaml": GOOD });
  using bad = new ConfigDirectory({ "web.yaml": GOOD, "bad.yaml": GOOD.replace("Topic:", "Topik:") });
  using empty = new ConfigDirectory({});
  const checked = await run("check", good.path);
  assertEquals([checked.code, checked.stdout], [0, "1 pipeline can run\n"]);
  const refused = await run("check", bad.path);
  assertEquals(refused.code, 2);
  assertMatch(refused.stdout, /bad\.yaml:8:\d+ .*Topik.*did you mean Topic\?/);
  assertEquals((await run("check", "--config", bad.path)).code, 2);
  assertEquals((await run("check", empty.path)).code, 2);
  assertEquals((await run("check", `${empty.path}/none.yaml`)).code, 2);
});

Deno.test("sluice version is one line on standard output", async () => {
  const { code, stdout, stderr } = await run("version");
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^sluice \d+\.\d+\.\d+ \(deno \d+\.\d+\.\d+, .*\)\n$/);
});

Deno.test("an unknown option or command ends with exit code 2 and what was perhaps meant", async () => {
  for (const [given, meant] of [["--confg", "--config"], ["containrs", "containers"]]) {
    const { code, stdout, stderr } = await run(given);
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, given);
    assertStringIncludes(stderr, `Did you mean ${meant}?`);
  }
});
