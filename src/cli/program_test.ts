import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makeDenoEnv } from "../core/deno_env.ts";
import { plugins } from "../plugins.ts";
import { checkConfig } from "./check.ts";
import { ENVIRONMENT_VARIABLES } from "./resolve_options.ts";
import { SLUICE_VERSION } from "./version.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** As the compiled program is permitted, for the commands that touch no runtime. */
const PERMISSIONS = [
  "--no-prompt",
  "--allow-read",
  "--allow-write=/",
  "--allow-sys=hostname,networkInterfaces",
  `--allow-env=${ENVIRONMENT_VARIABLES.join(",")}`,
];
const PIPELINE = "inputs: [{Type: service_docker_stdout}]\nflushers: [{Type: flusher_stdout}]\n";

/** Runs the program itself. */
async function sluice(...args: string[]) {
  const run = ["run", "--quiet", ...PERMISSIONS, `${ROOT}main.ts`, ...args];
  const output = await new Deno.Command(Deno.execPath(), { args: run, cwd: ROOT, stdin: "null" }).output();
  const decoder = new TextDecoder();
  return { code: output.code, stdout: decoder.decode(output.stdout), stderr: decoder.decode(output.stderr) };
}

/** Runs `body` with a directory of these files, which is removed afterwards. */
async function withFiles(files: Record<string, string>, body: (directory: string) => Promise<void> | void) {
  const directory = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${directory}/${name}`, text);
  await Promise.resolve(body(directory)).finally(() => Deno.remove(directory, { recursive: true }));
}

Deno.test("check is content with good pipelines", async () => {
  await withFiles({ "a.yaml": PIPELINE, "b.yml": PIPELINE }, async (directory) => {
    assertEquals(await sluice("check", directory), { code: 0, stdout: "2 pipelines can run\n", stderr: "" });
    assertEquals((await sluice("--config", directory, "check")).code, 0);
  });
});

Deno.test("check prints all problems and a summary, and exits with 2", async () => {
  await withFiles({ "a.yaml": PIPELINE, "b.yaml": "enable: maybe\n" }, async (directory) => {
    const { code, stdout } = await sluice("check", directory);
    const problem = `${directory}/b.yaml:1:9 error: enable: must be true or false, not "maybe"`;
    assertEquals({ code, stdout }, { code: 2, stdout: `${problem}\n1 pipeline can run, 1 cannot\n` });
  });
  assertEquals((await sluice("check", "/there/is/no/such/path")).code, 2);
});

Deno.test("check takes several paths, and finds nothing at all suspicious", async () => {
  await withFiles({ "a.yaml": PIPELINE, "b.yaml": "enable: false\n", "empty": "" }, (directory) => {
    const check = (...paths: string[]) => checkConfig(paths, plugins, makeDenoEnv("127.0.0.1").files);
    const both = check(`${directory}/a.yaml`, `${directory}/b.yaml`);
    assertEquals([both.lines, both.isGood], [["1 pipeline can run, 1 is disabled"], true]);
    assertEquals(check(`${directory}/empty`).isGood, false);
    assertEquals(check().isGood, false);
  });
});

Deno.test("check says of each processor whether it stays on the fast path, before all problems", async () => {
  const processed = `processors:\n  - Type: processor_rate_limit\n    Limit: 1/s\n${PIPELINE}`;
  await withFiles({ "a.yaml": processed, "b.yaml": `Enable: yes\n${PIPELINE}` }, async (directory) => {
    const { code, stdout } = await sluice("check", directory);
    assertEquals({ code, stdout }, {
      code: 0,
      stdout: `${directory}/a.yaml:2 processor_rate_limit leaves the fast path: works on text
${directory}/b.yaml:1:1 warning: Enable: unknown key, ignored; did you mean enable?
2 pipelines can run
`,
    });
  });
});

Deno.test("check puts the environment in place of references", async () => {
  const pipeline = "inputs: [{Type: input_file, FilePaths: '${SLUICE_CHECKPOINT:logs}/*.log'}]\n" +
    "flushers: [{Type: flusher_stdout}]\n";
  await withFiles({ "a.yaml": pipeline }, async (directory) => {
    const { stdout } = await sluice("check", directory);
    const problem = `${directory}/a.yaml:1:40 error: inputs[0].FilePaths[0]: it must begin with /`;
    assertEquals(stdout, `${problem}\n0 pipelines can run, 1 cannot\n`);
  });
});

Deno.test("reference prints Markdown and schema JSON, without a configuration", async () => {
  const reference = await sluice("reference");
  assertEquals([reference.code, reference.stderr], [0, ""]);
  assertStringIncludes(reference.stdout, "#### `service_docker_stdout`");
  const schema = await sluice("schema");
  assertEquals([schema.code, schema.stderr], [0, ""]);
  assertEquals(JSON.parse(schema.stdout).required, ["inputs", "flushers"]);
});

Deno.test("a command or option that does not exist exits with 2 and a suggestion", async () => {
  const cases: readonly [string[], string][] = [
    [["chek"], "unknown command 'chek'\n(Did you mean check?)"],
    [["--confg", "x"], "unknown option '--confg'\n(Did you mean --config?)"],
    [["containers", "--wy"], "unknown option '--wy'\n(Did you mean --why?)"],
    [["--config"], "argument missing"],
    [["--log-level", "loud"], 'must be debug, info, warn or error, not "loud"'],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await sluice(...args);
    assertEquals([code, stdout], [2, ""], args.join(" "));
    assertStringIncludes(stderr, message);
  }
});

Deno.test("help names every command, setting and example, and version is one line", async () => {
  const help = await sluice("--help");
  assertEquals([help.code, help.stderr], [0, ""]);
  const commands = ["check", "containers", "reference", "schema", "version"];
  for (const part of [...commands, "--host-root", "SLUICE_CONFIG", "--stdout", "Examples:"]) {
    assertStringIncludes(help.stdout, part);
  }
  const checkHelp = await sluice("check", "--help");
  assertStringIncludes(checkHelp.stdout, "--config");
  const version = await sluice("version");
  assertEquals([version.code, version.stderr], [0, ""]);
  assertMatch(version.stdout, new RegExp(`^sluice ${SLUICE_VERSION} \\(deno \\S+, v8 \\S+, \\S+, kernel \\S+\\)\n$`));
});
