/**
 * A program that tries what the agent must not be able to do, and prints the outcomes as JSON: `"done"`, or the name of the error,
 * for the main thread and for another.
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

async function outcomes([checkpointDirectory, elsewhere, moduleAddress]: string[]): Promise<Record<string, string>> {
  return {
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
}

/** The same in a thread beside this one, which is started as the agent starts its own. */
function outcomesInThread(args: string[]): Promise<unknown> {
  const worker = new Worker(import.meta.url, { type: "module" });
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(args);
  });
}

/** What a worker's global object has. */
interface WorkerScope {
  onmessage: (event: { readonly data: string[] }) => void;
  postMessage(message: unknown): void;
}

const Scope: unknown = Reflect.get(globalThis, "WorkerGlobalScope");
if (typeof Scope === "function" && globalThis instanceof Scope) {
  const scope = globalThis as unknown as WorkerScope;
  scope.onmessage = async ({ data }) => scope.postMessage(await outcomes(data));
} else {
  await narrowWritePermission({ directories: [Deno.args[0]], sockets: [] });
  const [own, thread] = [await outcomes(Deno.args), await outcomesInThread(Deno.args)];
  console.log(JSON.stringify({ own, thread }));
  Deno.exit();
}
