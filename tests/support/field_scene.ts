/**
 * A scene for the failures of the field: a made-up node with logs of numbered lines, an agent that reads it, and a topic in which
 * every line must arrive once and in order.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { TestKafka } from "./kafka.ts";
import { type MadeUpContainer, MadeUpNode } from "./made_up_node.ts";
import { Arrivals, BANNER, numberedLines } from "./numbered_lines.ts";
import { TestSluice } from "./sluice.ts";

/** How long a finished scene waits for lines that must not come. */
const AFTERWARDS_MS = 1500;
const PADDING = "0123456789".repeat(4);

/** Sends the standard output of every container to a topic. */
export function pipelineOfAll(brokers: string, topic: string): string {
  return `inputs:
  - Type: service_docker_stdout
flushers:
  - Type: flusher_kafka_v2
    Brokers: [${brokers}]
    Topic: ${topic}
`;
}

/** A container's log of numbered lines of about 100 bytes each. */
export class NumberedLog {
  readonly name: string;
  readonly container: MadeUpContainer;
  /** Number of numbered lines written. */
  lines = 0;
  /** Number of lines without a number written. */
  banners = 0;

  constructor(name: string, container: MadeUpContainer) {
    this.name = name;
    this.container = container;
  }

  write(lines: number): void {
    this.container.writeLines(numberedLines(this.name, this.lines, this.lines + lines, PADDING));
    this.lines += lines;
  }

  /** Writes lines that are the same in every log. */
  writeBanner(lines: number): void {
    this.container.writeLines(Array(lines).fill(BANNER));
    this.banners += lines;
  }

  /** Size of what is at its path, in bytes. */
  get size(): number {
    return Deno.statSync(this.container.path).size;
  }
}

/** Dispose of it with `await using`. */
export class FieldScene implements AsyncDisposable {
  readonly node: MadeUpNode;
  readonly sluice: TestSluice;
  readonly logs: NumberedLog[] = [];
  readonly #kafka: TestKafka;
  readonly #topic: string;
  #arrivals: Arrivals | undefined;

  private constructor(kafka: TestKafka, topic: string, node: MadeUpNode, sluice: TestSluice) {
    this.#kafka = kafka;
    this.#topic = topic;
    this.node = node;
    this.sluice = sluice;
  }

  /** Nothing runs yet; the topic is there, empty, and has one partition. */
  static async prepare(kafka: TestKafka, topic: string): Promise<FieldScene> {
    await kafka.createTopic(topic);
    const node = new MadeUpNode();
    const pipelines = { "all.yaml": pipelineOfAll(kafka.brokers, topic) };
    return new FieldScene(kafka, topic, node, await TestSluice.prepare({ ...node, pipelines }));
  }

  /** Adds a container with an empty log. @param link see {@link MadeUpNode.addContainer}. */
  addLog(name: string, link?: string): NumberedLog {
    const log = new NumberedLog(name, this.node.addContainer(name, link));
    this.logs.push(log);
    return log;
  }

  /** What has arrived so far; begins to read the topic when it is first asked for. */
  async arrivals(): Promise<Arrivals> {
    this.#arrivals ??= await Arrivals.follow(this.#kafka.port, this.#topic);
    await this.#arrivals.readOn();
    return this.#arrivals;
  }

  /** Waits until all that was written has come. */
  async untilAllCame(timeoutMs = 30_000): Promise<void> {
    await (await this.arrivals()).untilTotal(
      this.logs.reduce((sum, { lines, banners }) => sum + lines + banners, 0),
      timeoutMs,
    );
  }

  /** Waits until all has come, and a moment for what must not come; ends the agent and checks. */
  async finish(timeoutMs = 30_000): Promise<void> {
    await this.untilAllCame(timeoutMs);
    await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
    assertEquals(await this.sluice.stop(), 0);
    await this.check();
  }

  /** Checks that everything that was written has come, once and in order. */
  async check(): Promise<void> {
    const arrivals = await this.arrivals();
    arrivals.check(Object.fromEntries(this.logs.map(({ name, lines }) => [name, lines])));
    assertEquals(arrivals.banners, this.logs.reduce((sum, { banners }) => sum + banners, 0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#arrivals?.[Symbol.dispose]();
    await this.sluice[Symbol.asyncDispose]();
    this.node[Symbol.dispose]();
  }
}
