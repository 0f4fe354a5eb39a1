/**
 * An agent at work on a topic of its own: everything that is begun for it ends with it.
 *
 * @module
 */
import { join } from "@std/path";
import type { TestKafka } from "../tests/support/kafka.ts";
import { containersText, type MadeUpContainer } from "./made_up_container.ts";
import type { Codec, WorkKind } from "./mode.ts";
import type { AgentCommand, Peer } from "./peer.ts";
import { TopicWatch } from "./topic_watch.ts";

const PARTITION_COUNT = 4;
/** A run leaves gigabytes: they go soon after the topic. */
const TOPIC_CONFIG = { "file.delete.delay.ms": "1000" };

const STOP_MS_MAX = 20_000;

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
  /** Variables for the agent beside those of the bench; none by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** The one core that it may use, by its number; by default, all. */
  readonly core?: number;
  /** No other task has this name: it is the topic's, and that of the agent's directory. */
  readonly name: string;
}

/** In place of a shell's `taskset … exec`: the process keeps its number. */
function spawn({ program, args, env: own }: AgentCommand, { directory, env, core }: {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly core?: number;
}): Deno.ChildProcess {
  const pinned = core === undefined ? [] : ["taskset", "--cpu-list", String(core)];
  const [first, ...rest] = [...pinned, program, ...args];
  const options = { args: rest, cwd: directory, env: { ...own, ...env }, stdout: "null", stderr: "inherit" } as const;
  return new Deno.Command(first, options).spawn();
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
    await setting.kafka.createTopic(name, PARTITION_COUNT, TOPIC_CONFIG);
    const topic = await TopicWatch.open(setting.kafka.port, name);
    const program = setting.programs.get(peer) ?? peer.name;
    const broker = setting.kafka.brokers;
    const command = peer.command({ ...task, program, containersPath, directory, broker, topic: name });
    const child = spawn(command, { directory, env, core: task.core });
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

  /** SIGKILL: what it has not sent is lost. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async #end(signal: Deno.Signal): Promise<void> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS_MAX);
    try {
      this.#child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended already
    }
    await this.#child.status;
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end("SIGTERM");
    this.topic[Symbol.dispose]();
    await this.#setting.kafka.deleteTopic(this.#task.name);
  }
}
