/**
 * A real Docker Engine of a test's own: fresh directories and socket, its own containerd, an image made on the spot, containers
 * without a network, named as the kubelet names them where the test wants that. Everything ends and is removed on disposal; nothing
 * of the machine's own Docker is touched.
 *
 * @module
 */
import { buildBusyboxImage } from "./busybox_image.ts";
import { callEngine } from "./engine_call.ts";
import { killProcessesNaming, unmountBelow } from "./leftovers.ts";
import { hasProgram } from "./requirement.ts";

const BUSYBOX_PATHS = ["/bin/busybox", "/usr/bin/busybox"];
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;

/** The image that every container runs; it is busybox. */
export const DOCKER_IMAGE = "nginx:1.27";

/** What {@link dockerRequirement} needs, for the message of a skipped test. */
export const DOCKER_REQUIREMENT = "root, dockerd, containerd, runc and busybox-static";

/** Tells whether this machine can run {@link TestDockerd}. */
export function dockerRequirement(): boolean {
  return Deno.build.os === "linux" && Deno.uid() === 0 && ["dockerd", "containerd", "runc"].every(hasProgram) &&
    BUSYBOX_PATHS.some(exists);
}

/** A container to run. */
export interface DockerRunOptions {
  readonly name: string;
  readonly command: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** `json-file` by default. */
  readonly logDriver?: string;
  readonly logOptions?: Readonly<Record<string, string>>;
  /** `SOURCE:DESTINATION`, where the source is a path or a volume's name. */
  readonly volumes?: readonly string[];
  /** `none` by default; `host` or `container:ID` otherwise. */
  readonly network?: string;
}

/** The kubelet's name of a container (https://github.com/Mirantis/cri-dockerd/blob/v0.3.15/core/naming.go). */
export function kubeletName(container: string, pod: string, namespace: string, uid: string): string {
  return `k8s_${container}_${pod}_${namespace}_${uid}_0`;
}

/** A running engine. Dispose of it with `await using`. */
export class TestDockerd implements AsyncDisposable {
  /** Everything of this engine is below this directory. */
  readonly directory: string;
  readonly socketPath: string;
  readonly #containerdSocket: string | undefined;
  #process: Deno.ChildProcess | undefined;

  private constructor(directory: string, containerdSocket: string | undefined) {
    this.directory = directory;
    this.#containerdSocket = containerdSocket;
    this.socketPath = `${directory}/docker.sock`;
  }

  /**
   * Starts an engine and loads the image.
   *
   * @param containerdSocket a containerd that is to run its containers; one of its own by default.
   * @throws {Error} with the engine's log when it does not come up.
   */
  static async start(containerdSocket?: string): Promise<TestDockerd> {
    const dockerd = new TestDockerd(await Deno.makeTempDir({ prefix: "sluice-dockerd-" }), containerdSocket);
    try {
      // Without a file of its own the engine reads the machine's.
      await Deno.writeTextFile(`${dockerd.directory}/daemon.json`, "{}");
      await dockerd.startDaemon();
      await dockerd.#loadImage();
      return dockerd;
    } catch (error) {
      await dockerd[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts the engine after {@link stopDaemon}; resolves when it answers. */
  async startDaemon(): Promise<void> {
    const script = `d=$1; shift; exec dockerd "$@" >>"$d/dockerd.log" 2>&1`;
    const args = ["-c", script, "sh", this.directory, ...this.#flags()];
    this.#process = new Deno.Command("sh", { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
    await this.#waitUntilReady();
  }

  /** Ends the engine alone, as a package upgrade would; containers keep running (`--live-restore`). */
  async stopDaemon(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined) return;
    const timer = setTimeout(() => tryKill(process, "SIGKILL"), STOP_TIMEOUT_MS);
    tryKill(process, "SIGTERM");
    await process.status;
    clearTimeout(timer);
    await Deno.remove(this.socketPath).catch(() => {});
  }

  /** Runs a container; resolves when it was started. @returns its id. */
  async run(options: DockerRunOptions): Promise<string> {
    const id = await this.create(options);
    await this.#call("POST", `/containers/${id}/start`);
    return id;
  }

  /** Makes a container without starting it. @returns its id. */
  async create(options: DockerRunOptions): Promise<string> {
    const { name, command, labels, env, logDriver, logOptions, volumes, network } = options;
    const text = await this.#call("POST", `/containers/create?name=${encodeURIComponent(name)}`, {
      Image: DOCKER_IMAGE,
      Cmd: command,
      Labels: labels ?? {},
      Env: Object.entries(env ?? {}).map(([key, value]) => `${key}=${value}`),
      HostConfig: {
        NetworkMode: network ?? "none",
        LogConfig: { Type: logDriver ?? "json-file", Config: logOptions ?? {} },
        Binds: volumes ?? [],
        // A runc may be built without it.
        SecurityOpt: ["seccomp=unconfined"],
      },
    });
    const { Id } = JSON.parse(text) as { Id: string };
    return Id;
  }

  /** Ends a container; it stays listed as exited. */
  async kill(id: string): Promise<void> {
    await this.#call("POST", `/containers/${id}/kill`);
  }

  async restart(id: string): Promise<void> {
    await this.#call("POST", `/containers/${id}/restart?t=0`);
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#call("POST", `/containers/${id}/rename?name=${encodeURIComponent(name)}`);
  }

  /** Ends and removes a container and its volumes. */
  async remove(id: string): Promise<void> {
    await this.#call("DELETE", `/containers/${id}?force=1&v=1`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process !== undefined) await this.#removeAll().catch(() => {});
    await this.stopDaemon();
    await killProcessesNaming(this.directory);
    await unmountBelow(this.directory);
    await Deno.remove(this.directory, { recursive: true });
  }

  async #removeAll(): Promise<void> {
    const listed = JSON.parse(await this.#call("GET", "/containers/json?all=1")) as { Id: string }[];
    await Promise.allSettled(listed.map(({ Id }) => this.remove(Id)));
  }

  /** Nothing of the machine's network is touched, so that containers have none. */
  #flags(): readonly string[] {
    const { directory } = this;
    return [
      `--host=unix://${this.socketPath}`,
      `--data-root=${directory}/data`,
      `--exec-root=${directory}/exec`,
      `--pidfile=${directory}/dockerd.pid`,
      `--config-file=${directory}/daemon.json`,
      "--bridge=none",
      "--iptables=false",
      "--ip6tables=false",
      "--live-restore",
      "--shutdown-timeout=1",
      ...(this.#containerdSocket === undefined ? [] : [`--containerd=${this.#containerdSocket}`]),
    ];
  }

  async #waitUntilReady(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (exists(this.socketPath) && await this.#call("GET", "/_ping").then(() => true, () => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`dockerd did not start:\n${await Deno.readTextFile(`${this.directory}/dockerd.log`)}`);
  }

  async #loadImage(): Promise<void> {
    const busybox = BUSYBOX_PATHS.find(exists);
    if (busybox === undefined) throw new Error("busybox-static is not installed");
    const archive = await buildBusyboxImage(busybox, [DOCKER_IMAGE], ["/bin/sleep", "2147483647"]);
    await callEngine(this.socketPath, "POST", "/images/load?quiet=1", "application/x-tar", archive);
  }

  #call(method: string, path: string, body?: object): Promise<string> {
    const bytes = body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(body));
    return callEngine(this.socketPath, method, path, "application/json", bytes);
  }
}

function tryKill(process: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    process.kill(signal);
  } catch { /* It ended by itself. */ }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
