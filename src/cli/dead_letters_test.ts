import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ENVIRONMENT_VARIABLES } from "./resolve_options.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** As the compiled program is permitted, for the commands that send nothing. */
const PERMISSIONS = [
  ...["--no-prompt", "--allow-read", "--allow-write=/", "--allow-sys=hostname,networkInterfaces"],
  `--allow-env=${ENVIRONMENT_VARIABLES.join(",")}`,
];
const LETTER = { time: "2027-01-15T08:00:00.000Z", topic: "t", reason: "too large", message: "text" };

/** Runs the program itself. */
async function sluice(...args: string[]) {
  const run = ["run", "--quiet", ...PERMISSIONS, `${ROOT}main.ts`, "dead-letters", ...args];
  const output = await new Deno.Command(Deno.execPath(), { args: run, cwd: ROOT, stdin: "null" }).output();
  const decoder = new TextDecoder();
  return { code: output.code, stdout: decoder.decode(output.stdout), stderr: decoder.decode(output.stderr) };
}

Deno.test("dead-letters lists, shows, refuses to drop by mistake, and drops", async () => {
  const directory = Deno.makeTempDirSync();
  const place = ["--checkpoint", directory];
  Deno.writeTextFileSync(`${directory}/sluice.dead-letters.jsonl`, `${JSON.stringify(LETTER)}\n`);
  for (const args of [[], ["list"]]) {
    const { code, stdout, stderr } = await sluice(...args, ...place);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^TOPIC +RECORDS.*\nt +1 .* too large\n1 records, \d+ bytes in /);
  }
  const shown = await sluice("show", "--topic", "t", "--reason", "large", "--limit", "3", "--json", ...place);
  assertEquals(shown, { code: 0, stdout: `${JSON.stringify(LETTER)}\n`, stderr: "" });
  assertEquals(await sluice("drop", ...place), { code: 2, stdout: "", stderr: "1 would be dropped: --yes does it\n" });
  assertEquals(await sluice("drop", "--yes", ...place), { code: 0, stdout: "1 dropped\n", stderr: "" });
  assertEquals([...Deno.readDirSync(directory)], []);
  Deno.removeSync(directory);
});

Deno.test("dead-letters ends with 2 for what makes no sense", async () => {
  const cases: readonly [string[], string][] = [
    [["show", "--limit", "many"], '--limit must be a whole number, not "many"'],
    [["replay", "--config", "/there/is/none"], "no pipeline in /there/is/none can run"],
    [["replay", "--too", "x"], "unknown option '--too'\n(Did you mean --to?)"],
    [["shw"], "too many arguments for 'list'"],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await sluice(...args);
    assertEquals([code, stdout], [2, ""], args.join(" "));
    assertStringIncludes(stderr, message);
  }
});
