/**
 * The agent as a child process: from its source or as the compiled binary. Its standard output is handed on line by line, its own
 * log goes to standard error.
 *
 * @module
 */
import { join } from "@std/path";

/** Where the agent finds things. */
export interface AgentPaths {
  readonly config: string;
  readonly hostRoot: string;
  readonly checkpoint: string;
  readonly staticContainers: string;
}

/** A running agent. */
export class AgentProcess {
  readonly #child: Deno.ChildProcess;
  readonly #output: Promise<unknown>;

  /** Starts the agent; with `toStdout`, its records go to `onRecord` instead of to Kafka. */
  constructor(
    projectDirectory: string,
    binary: string | undefined,
    paths: AgentPaths,
    { toStdout, onRecord }: { toStdout: boolean; onRecord: (text: string) => void },
  ) {
    const fromSource = ["run", "-P=sluice", "--no-prompt", join(projectDirectory, "main.ts")];
    const args = ["run", "--config", paths.config, "--host-root", paths.hostRoot, "--checkpoint", paths.checkpoint];
    args.push("--static-containers", paths.staticContainers);
    if (toStdout) args.push("--stdout");
    this.#child = new Deno.Command(binary ?? Deno.execPath(), {
      cwd: projectDirectory,
      args: binary ? args : [...fromSource, ...args],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#output = readLines(this.#child.stdout, onRecord);
  }

  /** Settles when the agent ends, with its exit code. */
  get exitCode(): Promise<number> {
    return this.#child.status.then(({ code }) => code);
  }

  /** Asks the agent to end, as the kubelet does. @returns its exit code. */
  async stop(): Promise<number> {
    try {
      this.#child.kill("SIGTERM");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended already
    }
    const { code } = await this.#child.status;
    await this.#output;
    return code;
  }
}

async function readLines(from: ReadableStream<Uint8Array<ArrayBuffer>>, onLine: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const text of from.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  }
  if (rest) onLine(rest);
}
