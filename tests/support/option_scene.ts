/**
 * Many pipelines in one agent, each with one option of an input, over containers of a real containerd and a real Docker Engine: what each
 * pipeline must bring is said beside its option. A header of each message tells whose it is, so that one topic takes them all.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { kubeletName, type TestDockerd } from "./dockerd.ts";
import { type ConsumedMessage, TopicFollower } from "./kafka_reader.ts";
import { type OptionLines, pipelineOf } from "./pipelines.ts";
import { RuntimeScene } from "./runtime_scene.ts";
import { fieldsOf, valueOf } from "./seed_form.ts";
import type { TestSluice } from "./sluice.ts";

/** One option at work. */
export interface OptionCase {
  /** Begins with the option's name. */
  readonly name: string;
  readonly options: OptionLines;
  /** What {@link shown} makes of the pipeline's messages, in any order. */
  readonly wanted: readonly string[];
  /** What is compared of all messages; {@link contents} by default. */
  readonly shown?: (messages: readonly string[]) => readonly string[];
}

/** Name of the container and content, of each message. */
export function contents(messages: readonly string[]): readonly string[] {
  return messages.map((message) => `${containerOf(message)}: ${valueOf(message, "content")}`);
}

/** The name of a message's container, whichever input it came by. */
export function containerOf(message: string): string {
  return valueOf(message, "_container_name_") || valueOf(message, "__tag__:_container_name_");
}

/** Container and the values of some fields, those that are missing as `-`. */
export function fields(...names: readonly string[]): OptionCase["shown"] {
  return (messages) =>
    messages.map((message) => {
      const values = new Map(fieldsOf(message));
      return [containerOf(message), ...names.map((name) => values.get(name) ?? "-")].join(" ");
    });
}

/** A container to run, in a pod of containerd, in a pod of Docker's, or in Docker alone. */
export interface OptionContainer {
  readonly kind: "pod" | "docker pod" | "docker";
  readonly name: string;
  readonly pod?: string;
  readonly namespace?: string;
  /** Of the pod; of the container where there is none. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly script: string;
}

const TOPIC = "options";
const CASE_HEADER = "case";
const ALL_CAME_MS = 60_000;
const AFTERWARDS_MS = 1500;

/** A scene of both runtimes whose containers are done with their output. */
export class OptionScene implements AsyncDisposable {
  readonly runtimes: RuntimeScene;
  /** Where the engine or containerd keeps a container's output. */
  readonly logPaths = new Map<string, string>();

  private constructor(runtimes: RuntimeScene) {
    this.runtimes = runtimes;
  }

  static async start(containers: readonly OptionContainer[]): Promise<OptionScene> {
    const scene = new OptionScene(await RuntimeScene.start("containerd", "docker"));
    try {
      await scene.runtimes.kafka.createTopic(TOPIC);
      for (const one of containers) await scene.#run(one);
      return scene;
    } catch (error) {
      await scene[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** An agent with a pipeline for each case; it does not run yet. */
  prepareAgent(input: string, cases: readonly OptionCase[]): Promise<TestSluice> {
    const pipelines = cases.map(({ options }, index) => {
      const text = pipelineOf(input, options, this.runtimes.kafka.brokers, TOPIC);
      const name = `${input}-${index}`;
      return [`${name}.yaml`, `${text}    Headers: [{ key: ${CASE_HEADER}, value: ${name} }]\n`];
    });
    return this.runtimes.prepareAgent(Object.fromEntries(pipelines));
  }

  /** Waits until every case has what it wants, and a moment more; then each is a step. */
  async check(test: Deno.TestContext, input: string, cases: readonly OptionCase[]): Promise<void> {
    using follower = await TopicFollower.connect(this.runtimes.kafka.port, TOPIC);
    const messages = new Map<string, string[]>(cases.map((_, index) => [`${input}-${index}`, []]));
    const take = ({ headers, value }: ConsumedMessage) => {
      const header = headers.find(({ key }) => key === CASE_HEADER)?.value;
      const name = new TextDecoder().decode(header ?? undefined);
      messages.get(name)?.push(new TextDecoder("utf-8", { fatal: true }).decode(value!));
    };
    const shown = ({ shown = contents }: OptionCase, index: number) =>
      shown(messages.get(`${input}-${index}`)!).toSorted();
    const isThere = (one: OptionCase, index: number) =>
      JSON.stringify(shown(one, index)) === JSON.stringify(one.wanted.toSorted());
    const deadline = Date.now() + ALL_CAME_MS;
    do {
      await pause(200);
      await follower.readOn(take);
    } while (!cases.every(isThere) && Date.now() < deadline);
    await pause(AFTERWARDS_MS);
    await follower.readOn(take);
    for (const [index, one] of cases.entries()) {
      await test.step(`${input}: ${one.name}`, () => assertEquals(shown(one, index), one.wanted.toSorted()));
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.runtimes[Symbol.asyncDispose]();
  }

  async #run(container: OptionContainer): Promise<void> {
    const { kind, name, pod = name, namespace = "default", labels = {}, env, script } = container;
    const command = ["/bin/sh", "-c", `${script}\nsleep 10000`];
    if (kind === "pod") {
      const options = { name: pod, namespace, labels, containers: [{ name, command, env }] };
      this.logPaths.set(name, (await this.runtimes.containerd.runPod(options)).logPath(name));
      return;
    }
    const { dockerd } = this.runtimes;
    const id = kind === "docker"
      ? await dockerd.run({ name, command, env, labels })
      : await runInDockerPod(dockerd, { ...container, pod, namespace }, command);
    this.logPaths.set(name, `${dockerd.directory}/data/containers/${id}/${id}-json.log`);
  }
}

/** As the kubelet has Docker run it: the pod's labels are on a container of their own. */
async function runInDockerPod(
  dockerd: TestDockerd,
  { name, pod, namespace, labels, env }: OptionContainer & { readonly pod: string; readonly namespace: string },
  command: readonly string[],
): Promise<string> {
  const uid = crypto.randomUUID();
  const own = { "io.kubernetes.pod.name": pod, "io.kubernetes.pod.namespace": namespace };
  await dockerd.run({
    name: kubeletName("POD", pod, namespace, uid),
    command: ["sleep", "10000"],
    labels: { ...own, ...labels, "io.kubernetes.docker.type": "podsandbox" },
  });
  return await dockerd.run({
    name: kubeletName(name, pod, namespace, uid),
    command,
    env,
    labels: { ...own, "io.kubernetes.container.name": name, "io.kubernetes.docker.type": "container" },
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
