/**
 * Builds `dist/sluice`, one binary that holds the agent and its run time: bundles the program, then compiles the bundle in an
 * empty directory, so that nothing but the bundle gets embedded. The permissions are those of the set "sluice" in deno.json.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { V8_FLAGS } from "../src/core/v8_flags.ts";
import { DENO_VERSION, obtainDenort } from "./denort.ts";

const BINARY_BYTES_MAX = 120_000_000;
const OWN_DOWNLOAD_MS_MAX = 60_000;
const PERMISSION_SET = "sluice";
/**
 * V8 lets its young generation grow to 48 MB, which an agent that makes few objects never needs: with the first it is 3. Code is
 * optimized by the thread that runs it: compilers in threads of their own leave memory behind in each, which is never given back. Both
 * of V8's compilers stay: without either one an agent that catches up takes up to 10% more of the processor, for 2 MB less. The first
 * one takes what has been called 60 times, and has seen nothing new for as long: an agent calls a function once a read, which is seldom,
 * and each new kind of value put that off for another 500 calls, so that most never got there. The kernel's functions are optimized
 * late: with forty times the usual budget after some ten thousand lines, a moment for one that catches up, and never for one at rest.
 * With the last one the agent may ask for a collection of garbage (src/spare_memory.ts); what has not run during two of them, such as
 * all that reads the configuration, is compiled anew should it ever run again: 2 MB less.
 */
const MEMORY_FLAGS = [
  "--max-semi-space-size=1",
  "--no-concurrent-recompilation",
  "--invocation-count-for-maglev=60",
  "--minimum-invocations-after-ic-update=60",
  "--bytecode-old-age=2",
  "--wasm-tiering-budget=500000000",
  "--expose-gc",
];
const COMPILED_FLAGS = [...MEMORY_FLAGS, ...V8_FLAGS].join(",");
/** What a minified bundle lacks to load Deno's built-in modules from CommonJS packages. Minified, the program takes 4 MB less. */
const REQUIRE =
  'import{createRequire as __createRequire}from"node:module";var require=__createRequire(import.meta.url);\n';

const projectDirectory = dirname(dirname(fromFileUrl(import.meta.url)));

async function compile(entry: string, output: string): Promise<void> {
  if (Deno.version.deno !== DENO_VERSION) {
    throw new Error(
      `Deno ${DENO_VERSION} is needed, this is ${Deno.version.deno}: npx -y deno@${DENO_VERSION} task compile`,
    );
  }
  const directory = await Deno.makeTempDir({ prefix: "sluice-compile-" });
  try {
    await bundle(entry, directory);
    await Deno.mkdir(dirname(output), { recursive: true });
    await compileBundle(directory, output);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  await checkSize(output);
}

async function bundle(entry: string, directory: string): Promise<void> {
  const bundlePath = join(directory, "sluice.js");
  const args = ["bundle", "--lock=deno.lock", "--minify", "--platform", "deno", "--output", bundlePath, entry];
  if (!await run(projectDirectory, args, { quiet: true })) throw new Error("Cannot bundle the program");
  await Deno.writeTextFile(bundlePath, REQUIRE + await Deno.readTextFile(bundlePath));
  const { permissions } = JSON.parse(await Deno.readTextFile(join(projectDirectory, "deno.json")));
  const config = { nodeModulesDir: "none", permissions: { [PERMISSION_SET]: permissions[PERMISSION_SET] } };
  await Deno.writeTextFile(join(directory, "deno.json"), JSON.stringify(config));
}

/** First with the run time that the user names, then with the one that Deno fetches itself, then with the pinned one. */
async function compileBundle(directory: string, output: string): Promise<void> {
  const settings = ["--no-check", `-P=${PERMISSION_SET}`, "--no-prompt", `--v8-flags=${COMPILED_FLAGS}`];
  const args = ["compile", ...settings, "--output", output, "sluice.js"];
  const named = Deno.env.get("DENORT_BIN");
  if (!named) {
    const signal = AbortSignal.timeout(OWN_DOWNLOAD_MS_MAX);
    if (await run(directory, args, { quiet: true, signal })) return;
    console.error("Deno cannot fetch its run time from its download site here: taking the pinned one");
  }
  const env = { DENORT_BIN: named || await obtainDenort() };
  if (!await run(directory, args, { env })) throw new Error("Cannot compile the program");
}

interface RunOptions {
  readonly env?: Record<string, string>;
  readonly quiet?: boolean;
  readonly signal?: AbortSignal;
}

async function run(cwd: string, args: string[], { env, quiet, signal }: RunOptions = {}): Promise<boolean> {
  const stdio = quiet ? "null" : "inherit";
  const command = new Deno.Command(Deno.execPath(), { cwd, args, env, signal, stdout: stdio, stderr: stdio });
  return (await command.spawn().status).success;
}

async function checkSize(path: string): Promise<void> {
  const { size } = await Deno.stat(path);
  console.error(`${path}: ${(size / 1e6).toFixed(1)} MB`);
  if (size > BINARY_BYTES_MAX) {
    throw new Error(`The binary is larger than ${BINARY_BYTES_MAX / 1e6} MB: what got embedded?`);
  }
}

if (import.meta.main) {
  const [entry = join(projectDirectory, "main.ts"), output = join(projectDirectory, "dist", "sluice")] = Deno.args;
  try {
    await compile(entry, output);
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
