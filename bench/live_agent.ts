/**
 * The compiled binary at work on a `LiveNode`, with a topic of its own. Everything that is begun for it ends with it.
 *
 * @module
 */
import { join } from "@std/path";
import type { TestKafka } from "../tests/support/kafka.ts";
import { type LineWork, LiveNode, livePipeline } from "./live_node.ts";
import { TopicWatch } from "./topic_watch.ts";

/** Partitions of the topic. */
export const PARTITION_COUNT = 4;

/** What all measurements share. */
export interface LiveSetting {
  readonly binary: string;
  readonly directory: string;
  readonly kafka: TestKafka;
  readonly seconds: number;
  readonly seed: number;
}

/** An agent. */
export class LiveAgent implements AsyncDisposable {
  readonly node: LiveNode;
  readonly topicName: string;
  readonly topic: TopicWatch;
  readonly #setting: LiveSetting;
  readonly #directory: string;
  #child: Deno.ChildProcess | undefined;

  private constructor(setting: LiveSetting, name: string, node: LiveNode, topic: TopicWatch) {
    this.#setting = setting;
    this.#directory = join(setting.directory, name);
    this.node = node;
    this.topicName = name;
    this.topic = topic;
  }

  /** Makes node, topic and configuration; nothing runs yet. `name` is used once. */
  static async prepare(setting: LiveSetting, name: string, containers: number, work: LineWork): Promise<LiveAgent> {
    const { directory, kafka } = setting;
    await Deno.mkdir(join(directory, name));
    const node = new LiveNode(join(directory, name, "node"), containers);
    await Deno.writeTextFile(join(directory, name, "pipeline.yaml"), livePipeline(work, kafka.brokers, name));
    await kafka.createTopic(name, PARTITION_COUNT);
    return new LiveAgent(setting, name, node, await TopicWatch.open(kafka.port, name));
  }

  start(): void {
    const { hostRoot, containersPath } = this.node;
    const args = ["run", "--config", join(this.#directory, "pipeline.yaml"), "--host-root", hostRoot];
    args.push("--static-containers", containersPath, "--checkpoint", join(this.#directory, "checkpoint"));
    args.push("--log-level", "warn");
    this.#child = new Deno.Command(this.#setting.binary, { args, stdout: "null", stderr: "inherit" }).spawn();
  }

  get pid(): number {
    return this.#child!.pid;
  }

  /** Resolves when it ends by itself. */
  get ended(): Promise<unknown> {
    return this.#child!.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child !== undefined) {
      try {
        this.#child.kill("SIGTERM");
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // it has ended already
      }
      await this.#child.status;
    }
    this.topic[Symbol.dispose]();
    await this.#setting.kafka.deleteTopic(this.topicName);
    await Deno.remove(this.#directory, { recursive: true });
  }
}
