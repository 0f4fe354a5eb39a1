/**
 * Sluice's entry: hands the arguments to the command line and turns signals into a stop. The first SIGTERM or SIGINT lets
 * everything in flight finish, the second ends at once. The agent's other threads begin here, too.
 *
 * @module
 */
const EXIT_AT_ONCE = 130;

function isWorker(): boolean {
  const scope: unknown = Reflect.get(globalThis, "WorkerGlobalScope");
  return typeof scope === "function" && globalThis instanceof scope;
}

async function runMainThread(): Promise<never> {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(signal, () => {
      if (stop.signal.aborted) Deno.exit(EXIT_AT_ONCE);
      stop.abort();
    });
  }
  const { runCommandLine } = await import("./src/cli/program.ts");
  Deno.exit(await runCommandLine(Deno.args, stop.signal, import.meta.url));
}

if (isWorker()) (await import("./src/other_thread.ts")).runOtherThread();
else await runMainThread();
