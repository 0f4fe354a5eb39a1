/**
 * Sluice's entry: hands the arguments to the command line and turns signals into a stop. The first SIGTERM or SIGINT lets
 * everything in flight finish, the second ends at once.
 *
 * @module
 */
import { runCommandLine } from "./src/cli/program.ts";

const EXIT_AT_ONCE = 130;
const stop = new AbortController();

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.addSignalListener(signal, () => {
    if (stop.signal.aborted) Deno.exit(EXIT_AT_ONCE);
    stop.abort();
  });
}

Deno.exit(await runCommandLine(Deno.args, stop.signal));
