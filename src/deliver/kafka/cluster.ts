/**
 * The Kafka cluster as delivery sees it: connections to brokers and topic metadata. The only module that imports kafkajs, whose
 * connections it opens and hands out as `RequestChannel`s. It does not retry: whoever asks does.
 *
 * Invariant: no failure of a broker or socket ends anywhere but in the promise of the request concerned.
 *
 * @module
 */
import { Kafka, logLevel, type SASLOptions } from "kafkajs";
import type { Socket } from "node:net";
import type { KafkaSecurity } from "./authentication_options.ts";
import { BrokerConnection, type RequestChannel } from "./broker_connection.ts";
import { DenoSocket } from "./deno_socket.ts";
import { describeFailure } from "./describe_failure.ts";
import { describeHangUp } from "./hang_up.ts";
import { type Cluster, createCluster, disableThrottling, sessionLifetimeMs } from "./kafkajs_internals.ts";
import { type BrokerAddress, metadataRequest, parseMetadataAnswer, type TopicMetadata } from "./metadata_request.ts";
import type { KafkaRequest } from "./request.ts";
import { describeLoginFailure, saslFor } from "./sasl_login.ts";
import { watchSession } from "./sasl_session.ts";
import type { TokenWorld } from "./sasl_token.ts";
import { SecurityError } from "./security_error.ts";

/** How to reach the cluster. */
export interface ClusterOptions {
  /** `host:port` of some brokers; the others are learnt from them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** How long a connection may make no progress while it owes an answer. */
  readonly requestTimeoutMs: number;
  /** How connections are encrypted and log in; undefined: they do neither. */
  readonly security?: KafkaSecurity;
}

/** What a cluster needs of the world: the files of its security, and when a token expires. */
export type ClusterWorld = TokenWorld;

/** What delivery needs of a cluster; the real one is `KafkaCluster`. */
export interface BrokerDirectory {
  /** Asks any broker for a topic's metadata; `mayCreate`: see `metadataRequest`. Rejects when none answers. */
  metadata(topic: string, mayCreate?: boolean): Promise<TopicMetadata>;
  /** A usable connection to the broker with this node id, or to any without one. Rejects when there is none. */
  connection(nodeId?: number): Promise<RequestChannel>;
  /** The connection that `connection` would resolve with at once; undefined where it must be waited for. */
  tryConnection(nodeId: number): RequestChannel | undefined;
  /** Drops all connections and opens no more. */
  stop(): void;
}

/** The broker waits this much shorter for its replicas than we for the broker, so that it is the broker who speaks first. */
const ANSWER_SLACK_MS = 500;
const CONNECT_TIMEOUT_MS_MAX = 5_000;

/** Connections to the brokers of one cluster: one each, opened when first asked for and again after it is lost. */
export class KafkaCluster implements BrokerDirectory {
  readonly #options: ClusterOptions;
  readonly #world: ClusterWorld;
  readonly #internals: Cluster;
  readonly #sockets = new Set<DenoSocket>();
  readonly #connections = new Map<string, Promise<BrokerConnection>>();
  /** Those of `#connections` that are up. */
  readonly #opened = new Map<string, BrokerConnection>();
  readonly #seeds: readonly BrokerAddress[];
  readonly #connectTimeoutMs: number;
  #nodes: ReadonlyMap<number, BrokerAddress> = new Map();
  #stopped = false;

  constructor(options: ClusterOptions, world: ClusterWorld) {
    const sasl = options.security?.sasl;
    this.#options = options;
    this.#world = world;
    this.#seeds = options.brokers.map(parseBrokerAddress);
    this.#connectTimeoutMs = Math.min(options.requestTimeoutMs, CONNECT_TIMEOUT_MS_MAX);
    this.#internals = createCluster(
      new Kafka({
        brokers: [...options.brokers],
        clientId: options.clientId,
        // The library looks for timeouts ten times a second; the connection's own watch needs no wake-up.
        enforceRequestTimeout: false,
        connectionTimeout: this.#connectTimeoutMs,
        retry: { retries: 0 },
        // Its type knows each mechanism by its own name only.
        ...(sasl && { sasl: saslFor(sasl, world) as unknown as SASLOptions }),
        // The library's type asks for all of Node's socket; it uses what ours has, which a test holds.
        socketFactory: (destination) => this.#openSocket(destination) as unknown as Socket,
        logLevel: logLevel.NOTHING,
        logCreator: () => () => {},
      }),
    );
  }

  async metadata(topic: string, mayCreate?: boolean): Promise<TopicMetadata> {
    const metadata = parseMetadataAnswer(await this.#ask(await this.connection(), metadataRequest(topic, mayCreate)));
    if (metadata.brokers.size > 0) this.#nodes = metadata.brokers;
    return metadata;
  }

  connection(nodeId?: number): Promise<RequestChannel> {
    if (nodeId === undefined) return this.#anyConnection();
    const address = this.#nodes.get(nodeId);
    if (address === undefined) return Promise.reject(new Error(`broker ${nodeId} is not known`));
    return this.#connectionTo(address);
  }

  tryConnection(nodeId: number): RequestChannel | undefined {
    const address = this.#nodes.get(nodeId);
    const opened = address && this.#opened.get(keyOf(address));
    return opened?.usable ? opened : undefined;
  }

  stop(): void {
    this.#stopped = true;
    for (const socket of this.#sockets) socket.destroy(new Error("delivery stops"));
  }

  async #ask(connection: RequestChannel, request: KafkaRequest): Promise<Uint8Array> {
    try {
      return await connection.request(request);
    } catch (error) {
      throw describeHangUp(error, undefined, "asking", this.#options.security);
    }
  }

  async #anyConnection(): Promise<RequestChannel> {
    const failures: unknown[] = [];
    for (const address of [...this.#nodes.values(), ...this.#seeds]) {
      try {
        return await this.#connectionTo(address);
      } catch (error) {
        failures.push(error);
      }
    }
    throw summary(failures);
  }

  async #connectionTo(address: BrokerAddress): Promise<BrokerConnection> {
    const key = keyOf(address);
    const known = this.#connections.get(key);
    const connection = await (known ?? this.#open(key, address));
    if (connection.usable || known === undefined) return connection;
    // Others may have waited for the same lost connection and have opened the next one already.
    if (this.#connections.get(key) === known) return await this.#open(key, address);
    return await this.#connectionTo(address);
  }

  #open(key: string, address: BrokerAddress): Promise<BrokerConnection> {
    const forget = () => {
      if (this.#connections.get(key) !== connecting) return;
      this.#connections.delete(key);
      this.#opened.delete(key);
    };
    const connecting: Promise<BrokerConnection> = this.#connect(address, forget);
    this.#connections.set(key, connecting);
    connecting.then((opened) => this.#connections.get(key) === connecting && this.#opened.set(key, opened), forget);
    return connecting;
  }

  /** @param retire called when the connection should not be given to anybody else, because its login ends soon. */
  async #connect(address: BrokerAddress, retire: () => void): Promise<BrokerConnection> {
    if (this.#stopped) throw new Error("delivery has stopped");
    const { clientId, requestTimeoutMs } = this.#options;
    const { connectionPoolBuilder, brokerPool, rootLogger } = this.#internals;
    const connectionPool = await connectionPoolBuilder.build(address);
    for (const connection of connectionPool.pool) disableThrottling(connection.requestQueue);
    const broker = brokerPool.createBroker({ connectionPool, logger: rootLogger });
    const connection = connectionPool.pool[0];
    const giveUp = () => connection.socket?.destroy(new Error(`no connection after ${this.#connectTimeoutMs} ms`));
    const timer = setTimeout(giveUp, this.#connectTimeoutMs);
    try {
      await broker.connect();
      if (connection.socket) watchSession(connection.socket, sessionLifetimeMs(connection), retire);
      return new BrokerConnection(broker, connection, {
        clientId,
        requestTimeoutMs: requestTimeoutMs + ANSWER_SLACK_MS,
      });
    } catch (error) {
      connection.socket?.destroy();
      throw this.#describe(error, connection.socket?.failure, address);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param cause why the socket was destroyed, where it was: the library passes on no more than its message. */
  #describe(error: unknown, cause: unknown, { host, port }: BrokerAddress): unknown {
    if (cause instanceof SecurityError) return cause;
    const { security } = this.#options;
    const broker = `${host}:${port}`;
    const described = security?.sasl ? describeLoginFailure(error, broker, security.sasl) : error;
    return describeHangUp(described, broker, "connecting", security);
  }

  #openSocket({ host, port, onConnect }: { host: string; port: number; onConnect: () => void }): DenoSocket {
    const options = this.#options.security?.tls;
    const socket = new DenoSocket(host, port, onConnect, options && { options, files: this.#world.files });
    this.#sockets.add(socket);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      // The library waits for "end" or "error" alone; a connection is used once, so that a second "end" does no harm.
      socket.emit("end");
    });
    return socket;
  }
}

function keyOf({ host, port }: BrokerAddress): string {
  return `${host}:${port}`;
}

/** One error for all brokers that failed; of security where each of them did. */
function summary(failures: readonly unknown[]): Error {
  const message = [...new Set(failures.map(describeFailure))].join(", ");
  const isSecurity = failures.every((failure) => failure instanceof SecurityError);
  return isSecurity ? new SecurityError(message) : new Error(message);
}

/** Splits `host:port`; an IPv6 address stands in brackets. @throws {TypeError} where it is not of this form. */
export function parseBrokerAddress(text: string): BrokerAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text.trim());
  if (match === null) throw new TypeError(`"${text}" is not host:port`);
  return { host: match[1] ?? match[2], port: Number(match[3]) };
}
