/**
 * An agent at work on a topic of its own: everything that is begun for it ends with it.
 *
 * @module
 */
import { join } from "@std/path";
import type { TestKafka } from "../tests/support/kafka.ts";
import { containersText, type MadeUpContainer } from "./made_up_container.ts";
import type { Codec, WorkKind } from "./mode.ts";
import type { Peer } from "./peer.ts";
import { TopicWatch } from "./topic_watch.ts";

const PARTITION_COUNT = 4;

/** What all runs share. */
export interface Setting {
  /** The program of each peer, as it was prepared. */
  readonly programs: ReadonlyMap<Peer, string>;
  /** Where runs make their directories. */
  readonly directory: string;
  readonly kafka: TestKafka;
  /** The data directory of the broker. */
  readonly kafkaDirectory: string;
}

/** What an agent is started for. */
export interface Task {
  readonly peer: Peer;
  readonly kind: WorkKind;
  readonly codec: Codec;
  readonly hostRoot: string;
  readonly containers: readonly MadeUpContainer[];
  /** See `Work`. */
  readonly logs: string;
  /** See `Work`; none by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** No other task has this name: it is the topic's, and that of the agent's directory. */
  readonly name: string;
}

/** A running agent. */
export class AgentProcess implements AsyncDisposable {
  /** When it was started, by `performance.now()`. */
  readonly startedMs = performance.now();
  readonly topic: TopicWatch;
  readonly #setting: Setting;
  readonly #task: Task;
  readonly #child: Deno.ChildProcess;

  private constructor(setting: Setting, task: Task, topic: TopicWatch, child: Deno.ChildProcess) {
    this.#setting = setting;
    this.#task = task;
    this.topic = topic;
    this.#child = child;
  }

  /** Makes the topic and starts the agent. */
  static async start(setting: Setting, task: Task): Promise<AgentProcess> {
    const { peer, containers, name, env = {} } = task;
    const directory = join(setting.directory, name);
    const containersPath = join(directory, "containers.json");
    await Deno.mkdir(directory);
    await Deno.writeTextFile(containersPath, containersText(containers));
    await setting.kafka.createTopic(name, PARTITION_COUNT);
    const topic = await TopicWatch.open(setting.kafka.port, name);
    const program = setting.programs.get(peer) ?? peer.name;
    const broker = setting.kafka.brokers;
    const child = peer.start({ ...task, program, containersPath, directory, broker, topic: name, env });
    return new AgentProcess(setting, task, topic, child);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Resolves when it ends by itself. */
  get ended(): Promise<unknown> {
    return this.#child.status;
  }

  /** What the broker keeps of the topic is what came over the wire: it stores record batches as they are. */
  wireBytes(): number {
    const dataDirectory = join(this.#setting.kafkaDirectory, "data");
    let bytes = 0;
    for (const { name } of Deno.readDirSync(dataDirectory)) {
      if (name.slice(0, name.lastIndexOf("-")) !== this.#task.name) continue;
      for (const file of Deno.readDirSync(join(dataDirectory, name))) {
        if (file.name.endsWith(".log")) bytes += Deno.statSync(join(dataDirectory, name, file.name)).size;
      }
    }
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended already
    }
    await this.#child.status;
    this.topic[Symbol.dispose]();
    await this.#setting.kafka.deleteTopic(this.#task.name);
  }
}
