/**
 * The compiled binary, and the agent as a process that tests start, stop and kill.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";

const projectDirectory = dirname(dirname(dirname(fromFileUrl(import.meta.url))));
const binaryPath = join(projectDirectory, "dist", "sluice");
const SOURCES = ["main.ts", "deno.json", "deno.lock", "src"];

/** The path of the compiled binary; compiles it when it is missing or older than its sources. */
export async function sluiceBinary(): Promise<string> {
  const builtMs = modifiedMs(binaryPath);
  if (SOURCES.every((path) => newestMs(join(projectDirectory, path)) <= builtMs)) return binaryPath;
  const args = ["run", "-P=build", "--no-prompt", join(projectDirectory, ".ci", "compile.ts")];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: projectDirectory }).output();
  if (!success) throw new Error(`Cannot compile dist/sluice: ${new TextDecoder().decode(stderr)}`);
  return binaryPath;
}

function modifiedMs(path: string): number {
  try {
    return Deno.statSync(path).mtime?.getTime() ?? 0;
  } catch {
    return 0;
  }
}

function newestMs(path: string): number {
  if (!Deno.statSync(path).isDirectory) return modifiedMs(path);
  const names = [...Deno.readDirSync(path)].map(({ name }) => name).filter((name) => !/_(test|bench)\.ts$/.test(name));
  return Math.max(0, ...names.map((name) => newestMs(join(path, name))));
}

/** Mounts the node's root at the directory that follows, and becomes the command after it. */
const CONTAIN = [
  ...["unshare", "--mount", "--propagation", "slave", "sh", "-c"],
  ...['mkdir -p "$1" && mount --rbind / "$1" && shift && exec "$@"', "sh"],
];

/** Where an agent finds and keeps things; flags of the command line. */
export interface SluiceOptions {
  /** Pipeline files by their names. */
  readonly pipelines: Readonly<Record<string, string>>;
  readonly hostRoot?: string;
  /** Gives it a mount namespace of its own in which the node's root is `hostRoot`, as in a DaemonSet; needs root. */
  readonly isContained?: boolean;
  readonly containerdSocket?: string;
  readonly staticContainers?: string;
  readonly dockerSocket?: string;
  readonly hostIp?: string;
  readonly arguments?: readonly string[];
  /** Variables beside those of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/** An agent that can be started, killed and started again on the same checkpoint. */
export class TestSluice implements AsyncDisposable {
  readonly directory: string;
  readonly #binary: string;
  readonly #arguments: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  /** What begins the command line. */
  readonly #wrapper: readonly string[];
  #process: Deno.ChildProcess | undefined;
  #output: Promise<void> = Promise.resolve();
  /** What it said on standard error, over all its lives. */
  log = "";
  /** What it wrote to standard output, over all its lives. */
  stdout = "";

  private constructor(binary: string, directory: string, options: SluiceOptions) {
    this.#binary = binary;
    this.directory = directory;
    const hostRoot = options.isContained ? join(directory, "host") : options.hostRoot ?? "/";
    this.#wrapper = options.isContained ? [...CONTAIN, hostRoot] : [];
    const flags = {
      "--config": join(directory, "config"),
      "--checkpoint": join(directory, "checkpoint"),
      "--host-root": hostRoot,
      "--containerd-socket": options.containerdSocket,
      "--docker-socket": options.dockerSocket,
      "--static-containers": options.staticContainers,
      "--host-ip": options.hostIp,
    };
    const given = Object.entries(flags).flatMap(([flag, value]) => value === undefined ? [] : [flag, value]);
    this.#arguments = [...given, ...options.arguments ?? []];
    this.#env = options.env ?? {};
  }

  /** Writes the configuration; nothing runs yet. */
  static async prepare(options: SluiceOptions): Promise<TestSluice> {
    const directory = await Deno.makeTempDir({ prefix: "sluice-agent-" });
    Deno.mkdirSync(join(directory, "config"));
    for (const [name, text] of Object.entries(options.pipelines)) {
      Deno.writeTextFileSync(join(directory, "config", name), text);
    }
    return new TestSluice(await sluiceBinary(), directory, options);
  }

  get checkpointPath(): string {
    return join(this.directory, "checkpoint", "sluice.checkpoint.json");
  }

  /** Whether it has noted that it reads the output of a container, so that it will even when that is gone. */
  knows(containerId: string): boolean {
    try {
      return Deno.readTextFileSync(join(this.directory, "checkpoint", "sluice.sources.json")).includes(containerId);
    } catch {
      return false;
    }
  }

  get pid(): number {
    if (this.#process === undefined) throw new Error("the agent does not run");
    return this.#process.pid;
  }

  /** @param flags of this life only. */
  start(...flags: readonly string[]): void {
    this.#process = this.#command(["run", ...this.#arguments, ...flags]).spawn();
    const { stdout, stderr } = this.#process;
    this.#output = Promise.all([
      collect(stdout, (text) => this.stdout += text),
      collect(stderr, (text) => this.log += text),
    ]).then(() => {});
  }

  /** What `sluice containers` prints for the same settings. */
  async showContainers(...flags: readonly string[]): Promise<string> {
    const { stdout } = await this.#command(["containers", ...this.#arguments, ...flags]).output();
    return new TextDecoder().decode(stdout);
  }

  /** SIGTERM. Returns the exit code. */
  stop(): Promise<number> {
    return this.#end("SIGTERM");
  }

  /** SIGKILL: no time to deliver or save. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Resolves with the exit code when the agent ends by itself. */
  async ended(): Promise<number> {
    const { code } = await this.#process!.status;
    await this.#output;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process !== undefined) await this.#end("SIGKILL");
    await Deno.remove(this.directory, { recursive: true });
  }

  #command(args: readonly string[]): Deno.Command {
    const [program, ...rest] = [...this.#wrapper, this.#binary, ...args];
    return new Deno.Command(program, { args: rest, env: this.#env, stdout: "piped", stderr: "piped" });
  }

  async #end(signal: Deno.Signal): Promise<number> {
    const process = this.#process!;
    this.#process = undefined;
    try {
      process.kill(signal);
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
    const { code } = await process.status;
    await this.#output;
    return code;
  }
}

async function collect(from: ReadableStream<Uint8Array<ArrayBuffer>>, add: (text: string) => void): Promise<void> {
  for await (const text of from.pipeThrough(new TextDecoderStream())) add(text);
}

/** Waits until `condition` holds. @throws {Error} that names `what` when it does not within `timeoutMs`. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = 30_000) {
  const deadline = Date.now() + timeoutMs;
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
