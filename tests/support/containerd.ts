/**
 * A real containerd of a test's own: fresh directories and socket, images made on the spot, pods made through the Container
 * Runtime Interface as the kubelet makes them (labels, log directories, host network). Everything ends and is removed on disposal;
 * nothing of the machine's own containerd is touched.
 *
 * @module
 */
import { dirname } from "@std/path";
import { buildBusyboxImage } from "./busybox_image.ts";
import { type ContainerConfig, CriAdmin, type SandboxConfig } from "./cri_admin.ts";
import { containerdConfig, PAUSE_IMAGE } from "./containerd_config.ts";
import { killProcessesNaming, unmountBelow } from "./leftovers.ts";
import { hasProgram } from "./requirement.ts";

const BUSYBOX_PATHS = ["/bin/busybox", "/usr/bin/busybox"];
const IMAGES = ["docker.io/library/nginx:latest", "docker.io/library/alpine:3.9.6"];
const START_TIMEOUT_MS = 30_000;

/** What {@link containerdRequirement} needs, for the message of a skipped test. */
export const CONTAINERD_REQUIREMENT = "root, containerd, runc, ctr and busybox-static";

/** Tells whether this machine can run {@link TestContainerd}. */
export function containerdRequirement(): boolean {
  return Deno.build.os === "linux" && Deno.uid() === 0 && ["containerd", "runc", "ctr"].every(hasProgram) &&
    BUSYBOX_PATHS.some(exists);
}

/** One container of a pod to run. */
export interface TestContainerOptions {
  readonly name: string;
  /** `docker.io/library/nginx:latest` (the default) or `docker.io/library/alpine:3.9.6`; both are busybox. */
  readonly image?: string;
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly mounts?: readonly { readonly hostPath: string; readonly containerPath: string }[];
}

/** A pod to run. `labels` are the pod's own (`app: web`); the kubelet's are added. */
export interface TestPodOptions {
  readonly name: string;
  readonly namespace: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly containers: readonly TestContainerOptions[];
}

/** A running containerd. Dispose of it with `await using`. */
export class TestContainerd implements AsyncDisposable {
  /** Everything of this containerd is below this directory. */
  readonly directory: string;
  readonly socketPath: string;
  /** Stands for `/var/log/pods`. */
  readonly podLogDirectory: string;
  readonly #pods = new Set<TestPod>();
  #process: Deno.ChildProcess | undefined;
  #admin: CriAdmin | undefined;

  private constructor(directory: string) {
    this.directory = directory;
    this.socketPath = `${directory}/run/containerd.sock`;
    this.podLogDirectory = `${directory}/var/log/pods`;
  }

  /** Starts containerd and loads the images. @throws {Error} with containerd's log when it does not come up. */
  static async start(): Promise<TestContainerd> {
    const containerd = new TestContainerd(await Deno.makeTempDir({ prefix: "sluice-containerd-" }));
    try {
      await Deno.mkdir(containerd.podLogDirectory, { recursive: true });
      await Deno.writeTextFile(`${containerd.directory}/containerd.toml`, containerdConfig(containerd.directory));
      await containerd.startDaemon();
      await containerd.#importImages();
      return containerd;
    } catch (error) {
      await containerd[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Runs a pod and its containers; resolves when all are started. */
  async runPod(options: TestPodOptions): Promise<TestPod> {
    const pod = new TestPod(options, this.podLogDirectory, () => this.admin, (gone) => this.#pods.delete(gone));
    this.#pods.add(pod);
    await pod.run();
    return pod;
  }

  /** The kubelet's connection, for calls that {@link TestPod} has not. */
  get admin(): CriAdmin {
    if (this.#admin === undefined) throw new Error("this containerd does not run");
    return this.#admin;
  }

  /** Ends containerd and starts it again; containers keep running, as their shims do. */
  async restart(): Promise<void> {
    await this.stopDaemon();
    await this.startDaemon();
  }

  /** Starts containerd after {@link stopDaemon}; resolves when its CRI answers. */
  async startDaemon(): Promise<void> {
    const args = ["-c", `exec containerd -c "$1/containerd.toml" >>"$1/containerd.log" 2>&1`, "sh", this.directory];
    this.#process = new Deno.Command("sh", { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
    await this.#waitUntilReady();
    this.#admin = new CriAdmin(this.socketPath);
  }

  /** Ends containerd alone and removes its socket, as a package upgrade would; containers keep running. */
  async stopDaemon(): Promise<void> {
    this.#admin?.close();
    this.#admin = undefined;
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined) return;
    try {
      process.kill("SIGTERM");
    } catch { /* It ended by itself. */ }
    await process.status;
    await Deno.remove(this.socketPath).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#admin !== undefined) await Promise.allSettled([...this.#pods].map((pod) => pod.remove()));
    await this.stopDaemon();
    await killProcessesNaming(this.directory);
    await unmountBelow(this.directory);
    await Deno.remove(this.directory, { recursive: true });
  }

  async #waitUntilReady(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (await this.#answers()) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`containerd did not start:\n${await Deno.readTextFile(`${this.directory}/containerd.log`)}`);
  }

  async #answers(): Promise<boolean> {
    if (!exists(this.socketPath)) return false;
    const probe = new CriAdmin(this.socketPath);
    try {
      return await probe.version(1000).then(() => true, () => false);
    } finally {
      probe.close();
    }
  }

  async #importImages(): Promise<void> {
    const busybox = BUSYBOX_PATHS.find(exists);
    if (busybox === undefined) throw new Error("busybox-static is not installed");
    for (const tag of [...IMAGES, PAUSE_IMAGE]) {
      const path = `${this.directory}/image.tar`;
      await Deno.writeFile(path, await buildBusyboxImage(busybox, [tag], ["/bin/sleep", "2147483647"]));
      const args = ["-a", this.socketPath, "-n", "k8s.io", "images", "import", path];
      const { success, stderr } = await new Deno.Command("ctr", { args, stdout: "null" }).output();
      if (!success) throw new Error(`ctr images import: ${new TextDecoder().decode(stderr)}`);
    }
  }
}

/** A pod in a {@link TestContainerd}. */
export class TestPod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly #options: TestPodOptions;
  readonly #sandbox: SandboxConfig;
  readonly #admin: () => CriAdmin;
  readonly #onRemoved: (pod: TestPod) => void;
  readonly #containerIds = new Map<string, string>();
  #sandboxId = "";

  /** Only {@link TestContainerd.runPod} makes pods. */
  constructor(
    options: TestPodOptions,
    podLogDirectory: string,
    admin: () => CriAdmin,
    onRemoved: (pod: TestPod) => void,
  ) {
    this.name = options.name;
    this.namespace = options.namespace;
    this.uid = options.uid ?? crypto.randomUUID();
    this.#options = options;
    this.#admin = admin;
    this.#onRemoved = onRemoved;
    const { name, namespace, uid } = this;
    this.#sandbox = {
      metadata: { name, namespace, uid },
      logDirectory: `${podLogDirectory}/${namespace}_${name}_${uid}`,
      labels: { ...options.labels, ...this.#kubeletLabels() },
    };
  }

  /** Called once, by {@link TestContainerd.runPod}. */
  async run(): Promise<void> {
    this.#sandboxId = await this.#admin().runPodSandbox(this.#sandbox);
    for (const container of this.#options.containers) await this.#startContainer(container);
  }

  /** Where the runtime writes a container's output. */
  logPath(container: string): string {
    return `${this.#sandbox.logDirectory}/${container}/0.log`;
  }

  /** @throws {Error} when the pod has no such container. */
  containerId(container: string): string {
    const id = this.#containerIds.get(container);
    if (id === undefined) throw new Error(`pod ${this.name} has no container ${container}`);
    return id;
  }

  /** Rotates a container's log as the kubelet does: rename, then ask the runtime for a new file. @returns the rotated path. */
  async rotateLog(container: string): Promise<string> {
    const rotated = `${this.logPath(container)}.${
      new Date().toISOString().replace(/[-:]|\..*/g, "").replace("T", "-")
    }`;
    await Deno.rename(this.logPath(container), rotated);
    await this.#admin().reopenContainerLog(this.containerId(container));
    return rotated;
  }

  /** Ends the containers; they stay listed as exited. */
  async stop(): Promise<void> {
    for (const id of this.#containerIds.values()) await this.#admin().stopContainer(id);
  }

  /** Ends and removes containers and pod; the log files stay, as they do until the kubelet deletes them. */
  async remove(): Promise<void> {
    for (const id of this.#containerIds.values()) {
      await this.#admin().stopContainer(id);
      await this.#admin().removeContainer(id);
    }
    if (this.#sandboxId !== "") {
      await this.#admin().stopPodSandbox(this.#sandboxId);
      await this.#admin().removePodSandbox(this.#sandboxId);
    }
    this.#onRemoved(this);
  }

  async #startContainer(options: TestContainerOptions): Promise<void> {
    const { name, command } = options;
    const config: ContainerConfig = {
      metadata: { name },
      image: { image: options.image ?? "docker.io/library/nginx:latest" },
      command,
      args: options.args ?? [],
      envs: Object.entries(options.env ?? {}).map(([key, value]) => ({ key, value })),
      mounts: options.mounts ?? [],
      labels: { "io.kubernetes.container.name": name, ...this.#kubeletLabels() },
      logPath: `${name}/0.log`,
    };
    await Deno.mkdir(dirname(this.logPath(name)), { recursive: true });
    this.#containerIds.set(name, await this.#admin().startContainer(this.#sandboxId, this.#sandbox, config));
  }

  #kubeletLabels(): Record<string, string> {
    return {
      "io.kubernetes.pod.name": this.name,
      "io.kubernetes.pod.namespace": this.namespace,
      "io.kubernetes.pod.uid": this.uid,
    };
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
