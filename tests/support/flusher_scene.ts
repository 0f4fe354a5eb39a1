/**
 * One broker, and agents that each read the log of one container and send it where their flushers say: for tests of what the options of
 * flushers do.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { kafkaRequirement, TestKafka, type TestKafkaOptions } from "./kafka.ts";
import { type KcatMessage, readWithKcat } from "./kcat.ts";
import { type MadeUpContainer, MadeUpNode } from "./made_up_node.ts";
import type { OptionLines } from "./pipelines.ts";
import { hasProgram, needs } from "./requirement.ts";
import { TestSluice } from "./sluice.ts";

/** Whether there can be a scene; says so where not. */
export function canRunFlusherScene(): boolean {
  return needs("Java and Kafka", kafkaRequirement()) && needs("kcat", hasProgram("kcat"));
}

/** One flusher: its type, and its options as YAML lines. */
export interface FlusherText {
  /** `flusher_kafka_v2` by default. */
  readonly type?: string;
  /** Without `Brokers`, those of the scene are added. */
  readonly options: OptionLines;
}

/** What an agent is to do. */
export interface FlusherAgentOptions {
  readonly flushers: readonly FlusherText[];
  /** The container's log when the agent starts. */
  readonly lines?: readonly string[];
  /** Makes fields of lines that are JSON objects. */
  readonly isJson?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly hostIp?: string;
}

/** A message that could not be delivered, as the agent keeps it. */
export interface DeadLetter {
  readonly time: string;
  readonly topic: string;
  readonly reason: string;
  readonly message: string;
}

/** The container's name; its pod is `web-1` in the namespace `default`. */
export const CONTAINER = "web";
const PIPELINE = "web";

/** An agent that runs. */
export class FlusherAgent implements AsyncDisposable {
  readonly sluice: TestSluice;
  readonly log: MadeUpContainer;
  readonly #node: MadeUpNode;

  private constructor(sluice: TestSluice, log: MadeUpContainer, node: MadeUpNode) {
    this.sluice = sluice;
    this.log = log;
    this.#node = node;
  }

  static async start(brokers: string, options: FlusherAgentOptions): Promise<FlusherAgent> {
    const node = new MadeUpNode();
    const log = node.addContainer(CONTAINER);
    log.writeLines(options.lines ?? []);
    const { env, hostIp } = options;
    const pipelines = { [`${PIPELINE}.yaml`]: pipelineText(brokers, options) };
    const sluice = await TestSluice.prepare({ ...node, pipelines, env, hostIp });
    sluice.start();
    return new FlusherAgent(sluice, log, node);
  }

  /** What its log says as a warning or worse, a line each. */
  get complaints(): readonly string[] {
    return this.sluice.log.split("\n").filter((line) => / (WARN|ERROR) /.test(line));
  }

  /** How far the log was settled, in bytes; 0 without a checkpoint. */
  get savedOffset(): number {
    try {
      const { pipelines } = JSON.parse(Deno.readTextFileSync(this.sluice.checkpointPath));
      const [position] = Object.values<{ offset: number }>(pipelines[PIPELINE]);
      return position?.offset ?? 0;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return 0;
      throw error;
    }
  }

  /** Whether all of the log is settled. */
  get isSettled(): boolean {
    return this.savedOffset === Deno.statSync(this.log.path).size;
  }

  get deadLetters(): readonly DeadLetter[] {
    const path = join(this.sluice.directory, "checkpoint", "sluice.dead-letters.jsonl");
    const text = Deno.readTextFileSync(path);
    return text.trimEnd().split("\n").map((line) => JSON.parse(line));
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    assertEquals(await this.sluice.stop(), 0, this.sluice.log);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sluice[Symbol.asyncDispose]();
    this.#node[Symbol.dispose]();
  }
}

/** A broker with topics, and agents that write to them. */
export class FlusherScene implements AsyncDisposable {
  readonly kafka: TestKafka;

  private constructor(kafka: TestKafka) {
    this.kafka = kafka;
  }

  static async start(options: TestKafkaOptions = {}): Promise<FlusherScene> {
    return new FlusherScene(await TestKafka.start(options));
  }

  startAgent(options: FlusherAgentOptions): Promise<FlusherAgent> {
    return FlusherAgent.start(this.kafka.brokers, options);
  }

  /** Has an agent with one Kafka flusher deliver `lines` and end, and reads the topic, which is made first. */
  async deliver(
    topic: string,
    { lines, options, partitions = 1, config, ...rest }: Omit<FlusherAgentOptions, "flushers"> & {
      readonly lines: readonly string[];
      readonly options: OptionLines;
      readonly partitions?: number;
      readonly config?: Readonly<Record<string, string>>;
    },
  ): Promise<KcatMessage[]> {
    await this.kafka.createTopic(topic, partitions, config);
    await using agent = await this.startAgent({
      ...rest,
      lines,
      flushers: [{ options: [`Topic: ${topic}`, ...options] }],
    });
    const messages = await this.read(topic, lines.length);
    await agent.stop();
    assertEquals(agent.complaints, []);
    return messages;
  }

  /** Waits until a topic has so many messages, and reads it with kcat. */
  async read(topic: string, count: number): Promise<KcatMessage[]> {
    await this.kafka.consumeAll(topic, { count });
    return await readWithKcat(this.kafka.brokers, topic);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kafka[Symbol.asyncDispose]();
  }
}

const JSON_PROCESSOR = `processors:
  - Type: processor_json
    SourceKey: content
    KeepSource: false
    ExpandDepth: 1
    IgnoreFirstConnector: true
`;

function pipelineText(brokers: string, { flushers, isJson = false }: FlusherAgentOptions): string {
  const input = `inputs:
  - Type: service_docker_stdout
    IncludeK8sLabel:
      app: ${CONTAINER}
`;
  return input + (isJson ? JSON_PROCESSOR : "") + "flushers:\n" +
    flushers.map((one) => flusherText(brokers, one)).join("");
}

function flusherText(brokers: string, { type = "flusher_kafka_v2", options }: FlusherText): string {
  const needsBrokers = type.startsWith("flusher_kafka") && !options.some((line) => line.startsWith("Brokers:"));
  const lines = needsBrokers ? [`Brokers: [${brokers}]`, ...options] : options;
  return `  - Type: ${type}\n${lines.map((line) => `    ${line}\n`).join("")}`;
}
