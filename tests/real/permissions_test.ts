/**
 * What the binary's permissions are worth: a probe compiled by the same recipe, with the same permissions, tries to break out.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";

const projectDirectory = dirname(dirname(dirname(fromFileUrl(import.meta.url))));

const OUTCOMES = {
  writeCheckpoint: "done",
  writeElsewhere: "NotCapable",
  runCommand: "NotCapable",
  openLibrary: "NotCapable",
  importRemote: "TypeError",
  readNamedVariable: "done",
  // Users name the variables that become tags, so that any may be read.
  readOtherVariable: "done",
  readAllVariables: "done",
  readLogs: "done",
  askUserId: "NotCapable",
};

async function compileProbe(directory: string): Promise<string> {
  const entry = join(projectDirectory, "tests", "support", "permission_probe.ts");
  const output = join(directory, "probe");
  const args = ["run", "-P=build", "--no-prompt", join(projectDirectory, ".ci", "compile.ts"), entry, output];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: projectDirectory }).output();
  if (!success) throw new Error(`Cannot compile the probe: ${new TextDecoder().decode(stderr)}`);
  return output;
}

/** The probe's outcomes, and how often somebody asked for the module that must not be loaded. */
async function runProbe(directory: string): Promise<{ outcomes: unknown; requests: number }> {
  const probe = await compileProbe(directory);
  const checkpoint = join(directory, "checkpoint");
  await Deno.mkdir(checkpoint);
  // A module that could be had, were it allowed.
  let requests = 0;
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    requests++;
    return new Response("export const loaded = true;", { headers: { "content-type": "text/javascript" } });
  });
  const address = `http://127.0.0.1:${server.addr.port}/module.js`;
  const args = [checkpoint, join(directory, "elsewhere"), address];
  const { stdout, stderr } = await new Deno.Command(probe, { args, stdin: "null" }).output();
  const text = new TextDecoder().decode(stdout);
  if (text === "") throw new Error(new TextDecoder().decode(stderr));
  return { outcomes: JSON.parse(text), requests };
}

Deno.test("the compiled program can write its checkpoint and nothing else, run nothing, load nothing, in no thread", async () => {
  const directory = await Deno.makeTempDir({ prefix: "sluice-probe-" });
  try {
    const { outcomes, requests } = await runProbe(directory);
    assertEquals(requests, 0);
    assertEquals(outcomes, { own: OUTCOMES, thread: OUTCOMES });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
