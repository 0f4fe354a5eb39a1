/**
 * What tests of the binary with real container runtimes begin with: one Kafka, and the runtimes that are asked for, which the
 * scenarios of a file share because starting them takes seconds. Each scenario has an agent, a topic and containers of its own.
 *
 * @module
 */
import { CONTAINERD_REQUIREMENT, containerdRequirement, TestContainerd } from "./containerd.ts";
import { DOCKER_REQUIREMENT, dockerRequirement, TestDockerd } from "./dockerd.ts";
import { kafkaRequirement, TestKafka } from "./kafka.ts";
import { needs } from "./requirement.ts";
import { type SluiceOptions, TestSluice } from "./sluice.ts";

/** The node's address, as agents of a scene are told. */
export const SCENE_HOST_IP = "10.223.0.189";
/** How long after the last expected message unexpected ones are waited for. */
const AFTERWARDS_MS = 1500;

/** The runtimes that a scene may have. */
export type SceneRuntime = "containerd" | "docker";

/** Tells whether this machine can run a scene; skips loudly where it cannot. */
export function canRunScene(...runtimes: readonly SceneRuntime[]): boolean {
  return needs("Java and Kafka", kafkaRequirement()) &&
    (!runtimes.includes("containerd") || needs(CONTAINERD_REQUIREMENT, containerdRequirement())) &&
    (!runtimes.includes("docker") || needs(DOCKER_REQUIREMENT, dockerRequirement()));
}

/** Dispose of it with `await using`. */
export class RuntimeScene implements AsyncDisposable {
  readonly kafka: TestKafka;
  readonly #containerd: TestContainerd | undefined;
  readonly #dockerd: TestDockerd | undefined;

  private constructor(kafka: TestKafka, containerd: TestContainerd | undefined, dockerd: TestDockerd | undefined) {
    this.kafka = kafka;
    this.#containerd = containerd;
    this.#dockerd = dockerd;
  }

  /** Starts Kafka and the runtimes side by side. Where both are asked for, Docker uses the containerd, as on many nodes. */
  static async start(...runtimes: readonly SceneRuntime[]): Promise<RuntimeScene> {
    const kafka = TestKafka.start();
    const containerd = runtimes.includes("containerd") ? TestContainerd.start() : Promise.resolve(undefined);
    const dockerd = runtimes.includes("docker")
      ? containerd.then((one) => TestDockerd.start(one?.socketPath))
      : Promise.resolve(undefined);
    const all = await Promise.allSettled([kafka, containerd, dockerd]);
    const failed = all.find((one) => one.status === "rejected");
    if (failed === undefined) return new RuntimeScene(await kafka, await containerd, await dockerd);
    for (const one of all) if (one.status === "fulfilled") await one.value?.[Symbol.asyncDispose]();
    throw failed.reason;
  }

  /** @throws {Error} when the scene was started without it. */
  get containerd(): TestContainerd {
    if (this.#containerd === undefined) throw new Error("this scene has no containerd");
    return this.#containerd;
  }

  /** @throws {Error} when the scene was started without it. */
  get dockerd(): TestDockerd {
    if (this.#dockerd === undefined) throw new Error("this scene has no Docker Engine");
    return this.#dockerd;
  }

  /** An agent as in a DaemonSet that sees the scene's runtimes and no others; it does not run yet. */
  prepareAgent(pipelines: SluiceOptions["pipelines"], options: Partial<SluiceOptions> = {}): Promise<TestSluice> {
    return TestSluice.prepare({
      pipelines,
      isContained: true,
      hostIp: SCENE_HOST_IP,
      containerdSocket: this.#containerd?.socketPath ?? "/nowhere/containerd.sock",
      dockerSocket: this.#dockerd?.socketPath ?? "/nowhere/docker.sock",
      ...options,
    });
  }

  /** The messages of a topic as text, once `count` are there. */
  async read(topic: string, count = 0, timeoutMs = 30_000): Promise<string[]> {
    const messages = await this.kafka.consumeAll(topic, { count, timeoutMs });
    return messages.map(({ value }) => new TextDecoder("utf-8", { fatal: true }).decode(value!));
  }

  /** The same, after a moment in which more might come than was expected. */
  async readAll(topic: string, count: number, timeoutMs = 30_000): Promise<string[]> {
    await this.read(topic, count, timeoutMs);
    await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
    return this.read(topic);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dockerd?.[Symbol.asyncDispose]();
    await Promise.all([this.#containerd, this.kafka].map((one) => one?.[Symbol.asyncDispose]()));
  }
}
