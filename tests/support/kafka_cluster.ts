/**
 * One or several real Kafka brokers that are one cluster: every node is a broker and a controller, and everything has as many replicas as
 * there are nodes. Nodes can be killed, stopped, made to hang and started again, and leaders be moved.
 *
 * @module
 */
import { TestKafka } from "./kafka.ts";
import { CONTROLLER_LISTENER, PLAIN_LISTENER } from "./kafka_ports.ts";
import { KafkaWire } from "./kafka_wire.ts";
import { eventually } from "./sluice.ts";

/** Below the ports that connections get by themselves: the port of a node that is down must stay free. */
const PORT_MIN = 20_000;
const PORT_MAX = 29_999;
const READY_TIMEOUT_MS = 90_000;

/** A partition and who has it. */
export interface LedPartition {
  readonly partition: number;
  /** Node number; -1 where there is none. */
  readonly leader: number;
}

/** Dispose of it with `await using`. Nodes are numbered from 1. */
export class TestKafkaCluster implements AsyncDisposable {
  readonly nodes: readonly TestKafka[];
  /** Number of partitions by topic. */
  readonly #partitions = new Map<string, number>();

  private constructor(nodes: readonly TestKafka[]) {
    this.nodes = nodes;
  }

  /** Starts all nodes and waits until they serve. @throws {Error} with a node's last words. */
  static async start(nodeCount: number): Promise<TestKafkaCluster> {
    const ports = freePorts(2 * nodeCount);
    const controllers = ports.slice(nodeCount);
    const starts = ports.slice(0, nodeCount).map((port, index) =>
      TestKafka.start({ port, properties: nodeProperties(index + 1, port, controllers) })
    );
    const results = await Promise.allSettled(starts);
    const nodes = results.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
    const cluster = new TestKafkaCluster(nodes);
    const failure = results.find((result) => result.status === "rejected");
    if (failure === undefined) return cluster;
    await cluster[Symbol.asyncDispose]();
    throw failure.reason;
  }

  /** All nodes, with commas: as a configuration's `Brokers` lists them, and as kcat takes them. */
  get brokers(): string {
    return this.nodes.map(({ brokers }) => brokers).join(",");
  }

  /** Creates a topic with a replica on each node; two must have a record where there are three. */
  async createTopic(topic: string, partitions: number): Promise<void> {
    this.#partitions.set(topic, partitions);
    await this.#ask((wire) => wire.createTopic(topic, partitions, {}, this.nodes.length));
    await eventually(`topic ${topic} is led`, async () => {
      const led = await this.leaders(topic);
      return led.length === partitions && led.every(({ leader }) => leader > 0);
    }, READY_TIMEOUT_MS);
  }

  /** Who leads each partition, as a node that is up knows it. */
  async leaders(topic: string): Promise<readonly LedPartition[]> {
    const { leaders } = await this.#ask((wire) => wire.metadata(topic));
    return [...leaders].map(([partition, leader]) => ({ partition, leader }));
  }

  /** Has another node lead a partition. @param leader its number; nothing happens where it is down. */
  async moveLeader(topic: string, partition: number, leader: number): Promise<void> {
    const others = this.nodes.map((_, index) => index + 1).filter((node) => node !== leader);
    await this.#ask(async (wire) => {
      await wire.orderReplicas(topic, partition, [leader, ...others]);
      await wire.electPreferred(topic, partition);
    });
  }

  /** Number of records in a topic's partitions together; undefined where a leader does not answer. */
  async tryCount(topic: string): Promise<number | undefined> {
    let sum = 0;
    const led = await this.leaders(topic).catch(() => []);
    if (led.length < (this.#partitions.get(topic) ?? 1)) return undefined;
    for (const { partition, leader } of led) {
      const end = await this.#tryEnd(topic, partition, leader);
      if (end === undefined) return undefined;
      sum += end;
    }
    return sum;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.nodes.map((node) => node[Symbol.asyncDispose]()));
  }

  async #tryEnd(topic: string, partition: number, leader: number): Promise<number | undefined> {
    const node = this.nodes[leader - 1];
    if (node === undefined || node.pid === undefined) return undefined;
    try {
      using wire = await KafkaWire.connect(node.port);
      const end = await wire.offset(topic, partition, -1n);
      return end === undefined ? undefined : Number(end);
    } catch {
      return undefined;
    }
  }

  /** Asks the first node that answers. */
  async #ask<Answer>(question: (wire: KafkaWire) => Promise<Answer>): Promise<Answer> {
    let last: unknown = new Error("no node is up");
    for (const node of this.nodes.filter(({ pid, isPaused }) => pid !== undefined && !isPaused)) {
      try {
        using wire = await KafkaWire.connect(node.port);
        return await question(wire);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }
}

function nodeProperties(node: number, port: number, controllers: readonly number[]): Record<string, string> {
  const replicas = String(controllers.length);
  const inSync = String(Math.min(2, controllers.length));
  return {
    "node.id": String(node),
    "listeners": `${PLAIN_LISTENER}://127.0.0.1:${port},${CONTROLLER_LISTENER}://127.0.0.1:${controllers[node - 1]}`,
    "advertised.listeners": `${PLAIN_LISTENER}://127.0.0.1:${port}`,
    "controller.quorum.voters": controllers.map((one, index) => `${index + 1}@127.0.0.1:${one}`).join(","),
    // A machine at work with everything on it: nobody is given up for a moment's silence.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "default.replication.factor": replicas,
    "min.insync.replicas": inSync,
    "replica.lag.time.max.ms": "5000",
    "offsets.topic.replication.factor": replicas,
    "transaction.state.log.replication.factor": replicas,
    "transaction.state.log.min.isr": inSync,
    "transaction.state.log.num.partitions": "3",
    "share.coordinator.state.topic.replication.factor": replicas,
    "share.coordinator.state.topic.min.isr": inSync,
  };
}

function freePorts(count: number): number[] {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN + 1));
    if (isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch {
    return false;
  }
}
