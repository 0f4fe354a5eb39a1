/**
 * The parts of kafkajs 2.2.4 that its public interface hides and that we rely on, typed; `cluster_test.ts` holds each name
 * against the library. Imports nothing of kafkajs: `cluster.ts` alone does.
 *
 * What the library does for us: connect, ask for API versions, log in. What it does not: requests and answers after that (a queue, events
 * and buffers for each), topic metadata (its own fails as a whole for one partition), timeouts (ten wake-ups a second), retries, and
 * anything about records.
 *
 * @module
 */
import type { DenoSocket } from "./deno_socket.ts";

/** `src/network/requestQueue/index.js`: the unanswered requests of one connection. */
export interface RequestQueue {
  maybeThrottle(milliseconds: number | null): void;
  scheduleCheckPendingRequests(): void;
}

/** `src/network/connection.js`: one socket to one broker. */
export interface Connection {
  readonly requestQueue: RequestQueue;
  /** Undefined before the first attempt to connect. */
  readonly socket: DenoSocket | undefined;
  /** A `Long`: milliseconds, 0 for a login that does not end; known after `Broker.connect`. */
  readonly sessionLifetime: { toString(): string };
}

/** `src/network/connectionPool.js`: two connections to one broker, of which the second is for fetching. */
export interface ConnectionPool {
  readonly pool: readonly Connection[];
}

/** `src/broker/index.js`: one broker. `versions` is by API key and known after `connect`. */
export interface Broker {
  readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>> | null;
  /** Connects and asks for the API versions. */
  connect(): Promise<void>;
}

/** `src/cluster/index.js`, of which we use the two factories. */
export interface Cluster {
  readonly connectionPoolBuilder: {
    build(destination: { readonly host: string; readonly port: number }): Promise<ConnectionPool>;
  };
  readonly brokerPool: {
    createBroker(options: { readonly connectionPool: ConnectionPool; readonly logger: unknown }): Broker;
  };
  readonly rootLogger: unknown;
}

/** How long the broker lets the login of a connection last, in milliseconds; 0: as long as the connection. */
export function sessionLifetimeMs({ sessionLifetime }: Connection): number {
  return Number(sessionLifetime.toString());
}

/** The description of the symbol under which a `Kafka` object keeps its function that makes a cluster. */
const CREATE_CLUSTER = "private:Kafka:createCluster";

/**
 * Makes the library's private cluster object.
 *
 * @throws {TypeError} when this is not the kafkajs that we know.
 */
export function createCluster(kafka: object): Cluster {
  const key = Object.getOwnPropertySymbols(kafka).find((symbol) => symbol.description === CREATE_CLUSTER);
  const create: unknown = key === undefined ? undefined : Reflect.get(kafka, key);
  if (typeof create !== "function") throw new TypeError(`kafkajs has no ${CREATE_CLUSTER}: it must be version 2.2.4`);
  return create({ metadataMaxAge: 0 }) as Cluster;
}

/**
 * Takes client-side throttling out of a connection's request queue. The library's would run a timer every millisecond for as
 * long as the connection lives, and lets a request overtake one that waits. Nothing is lost by it: the broker itself stops
 * reading from a client over its quota.
 */
export function disableThrottling(queue: RequestQueue): void {
  queue.maybeThrottle = () => {};
  queue.scheduleCheckPendingRequests = () => {};
}
