/**
 * The cluster as one life of the agent reaches it: a connection to each broker, opened when it is asked for and again when it is lost. Takes
 * the place of `KafkaCluster` and its sockets.
 *
 * @module
 */
import type { RequestChannel } from "../../src/deliver/kafka/broker_connection.ts";
import type { BrokerDirectory } from "../../src/deliver/kafka/cluster.ts";
import { metadataRequest, parseMetadataAnswer, type TopicMetadata } from "../../src/deliver/kafka/metadata_request.ts";
import { KafkaProducer, type ProducerOptions } from "../../src/deliver/kafka/producer.ts";
import { ProducerPool } from "../../src/deliver/kafka/producer_pool.ts";
import type { Log } from "../../src/core/log.ts";
import { type Caller, type Network, SimulatedConnection } from "./simulated_connection.ts";

/** Connections of one life. */
export class SimulatedDirectory implements BrokerDirectory {
  readonly #network: Network;
  readonly #caller: Caller;
  readonly #connections = new Map<number, Promise<SimulatedConnection>>();
  readonly #opened: SimulatedConnection[] = [];
  /** By broker, the last one that was opened. */
  readonly #last = new Map<number, SimulatedConnection>();
  #isStopped = false;

  constructor(network: Network, caller: Caller) {
    this.#network = network;
    this.#caller = caller;
  }

  /** Record batches that are not answered. */
  get unansweredBatches(): number {
    return this.#opened.reduce((sum, { unansweredBatches }) => sum + unansweredBatches, 0);
  }

  async metadata(topic: string, mayCreate?: boolean): Promise<TopicMetadata> {
    const channel = await this.connection();
    return parseMetadataAnswer(await channel.request(metadataRequest(topic, mayCreate)));
  }

  async connection(nodeId?: number): Promise<RequestChannel> {
    if (nodeId !== undefined) return await this.#connectionTo(nodeId);
    for (let id = 0; id < this.#network.cluster.plan.brokerCount; id++) {
      if (this.#network.cluster.isUp(id)) return await this.#connectionTo(id);
    }
    throw new Error("no broker is there");
  }

  tryConnection(nodeId: number): RequestChannel | undefined {
    const last = this.#last.get(nodeId);
    return last?.usable ? last : undefined;
  }

  stop(): void {
    this.#isStopped = true;
    for (const connection of this.#opened) connection.drop("delivery stops");
  }

  /** The process is gone. */
  orphan(): void {
    for (const connection of this.#opened) connection.orphan();
  }

  async #connectionTo(nodeId: number): Promise<SimulatedConnection> {
    const known = this.#connections.get(nodeId);
    const connection = await (known ?? this.#open(nodeId));
    if (connection.usable || known === undefined) return connection;
    if (this.#connections.get(nodeId) === known) return await this.#open(nodeId);
    return await this.#connectionTo(nodeId);
  }

  #open(nodeId: number): Promise<SimulatedConnection> {
    const connecting = this.#connect(nodeId);
    this.#connections.set(nodeId, connecting);
    connecting.catch(() => {
      if (this.#connections.get(nodeId) === connecting) this.#connections.delete(nodeId);
    });
    return connecting;
  }

  async #connect(nodeId: number): Promise<SimulatedConnection> {
    await this.#caller.env.sleep(this.#network.random.integer(0, this.#network.latencyMsMax));
    if (this.#isStopped) throw new Error("delivery has stopped");
    if (!this.#network.cluster.isUp(nodeId)) throw new Error("connection refused");
    const connection = new SimulatedConnection(nodeId, this.#network, this.#caller);
    this.#opened.push(connection);
    this.#last.set(nodeId, connection);
    return connection;
  }
}

/** Producers of one life, over connections that are simulated. */
export class SimulatedProducers extends ProducerPool {
  readonly directories: SimulatedDirectory[] = [];
  readonly #network: Network;
  readonly #caller: Omit<Caller, "requestTimeoutMs">;
  readonly #log: Log;
  readonly #producers = new Map<string, KafkaProducer>();

  constructor(network: Network, caller: Omit<Caller, "requestTimeoutMs">, log: Log) {
    super(caller.env, log);
    this.#network = network;
    this.#caller = caller;
    this.#log = log;
  }

  override get(options: ProducerOptions): KafkaProducer {
    const key = JSON.stringify(options);
    const known = this.#producers.get(key);
    if (known !== undefined) return known;
    const producer = new KafkaProducer(options, this.#caller.env, this.#log, this.connect(options));
    this.#producers.set(key, producer);
    return producer;
  }

  override connect({ requestTimeoutMs }: ProducerOptions): SimulatedDirectory {
    const directory = new SimulatedDirectory(this.#network, { ...this.#caller, requestTimeoutMs });
    this.directories.push(directory);
    return directory;
  }

  override async stop(deadlineMs: number): Promise<void> {
    await Promise.all([...this.#producers.values()].map((producer) => producer.stop(deadlineMs)));
  }
}
