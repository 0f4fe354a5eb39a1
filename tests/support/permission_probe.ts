/**
 * A program that tries what the agent must not be able to do, and prints the outcomes as JSON: `"done"`, or the name of the error.
 * Compiled as the agent is, with the agent's permissions. Arguments: checkpoint directory, a path elsewhere, the address of a module.
 *
 * @module
 */
import { narrowWritePermission } from "../../src/cli/permissions.ts";

const LIBRARY = "libc.so.6";

async function attempt(action: () => unknown): Promise<string> {
  try {
    await action();
    return "done";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

const [checkpointDirectory, elsewhere, moduleAddress] = Deno.args;
await narrowWritePermission({ directories: [checkpointDirectory], sockets: [] });

const outcomes = {
  writeCheckpoint: await attempt(() => Deno.writeTextFile(`${checkpointDirectory}/state`, "x")),
  writeElsewhere: await attempt(() => Deno.writeTextFile(elsewhere, "x")),
  runCommand: await attempt(() => new Deno.Command("true").output()),
  openLibrary: await attempt(() => Deno.dlopen(LIBRARY, {})),
  importRemote: await attempt(() => import(moduleAddress)),
  readNamedVariable: await attempt(() => Deno.env.get("SLUICE_CONFIG")),
  readOtherVariable: await attempt(() => Deno.env.get("HOME")),
  readAllVariables: await attempt(() => Deno.env.toObject()),
  readLogs: await attempt(() => Deno.readTextFile("/etc/passwd")),
  askUserId: await attempt(() => Deno.uid()),
};
console.log(JSON.stringify(outcomes));
