import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { Kafka, logLevel } from "kafkajs";
import { makeDenoEnv } from "../../core/deno_env.ts";
import { KafkaCluster, parseBrokerAddress } from "./cluster.ts";
import { createCluster, disableThrottling, sessionLifetimeMs } from "./kafkajs_internals.ts";
import { initProducerIdRequest, parseInitProducerIdAnswer } from "./init_producer_id_request.ts";
import { WireReader, WireWriter } from "./wire.ts";

const API_VERSIONS = 18;
const TIMEOUT_MS = 200;
/** An address where nobody listens. */
const NOBODY = "127.0.0.1:1";

/** What a fake broker does with a request: answers with a payload after a while, never, or hangs up. */
type Reaction = { readonly payload: Uint8Array; readonly afterMs?: number } | "silence" | "hangUp";
type React = (apiKey: number, requestCount: number) => Reaction;

/** A broker made of one listener and a script. */
class FakeBroker implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #react: React;
  connectionCount = 0;
  #requestCount = 0;

  constructor(react: React) {
    this.#react = react;
    void this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const connection of this.#connections) close(connection);
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      this.connectionCount++;
      this.#connections.add(connection);
      this.#serve(connection).catch(() => {}).finally(() => close(connection));
    }
  }

  async #serve(connection: Deno.TcpConn): Promise<void> {
    for (;;) {
      const size = new WireReader(await readExactly(connection, 4)).int32();
      const request = new WireReader(await readExactly(connection, size));
      const apiKey = request.int16();
      request.int16();
      const correlationId = request.int32();
      const reaction = this.#react(apiKey, this.#requestCount++);
      if (reaction === "hangUp") return;
      if (reaction === "silence") continue;
      await new Promise((resolve) => setTimeout(resolve, reaction.afterMs ?? 0));
      const answer = new WireWriter().int32(4 + reaction.payload.length).int32(correlationId).raw(reaction.payload);
      await connection.write(answer.bytes());
    }
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // Closed already.
  }
}

async function readExactly(connection: Deno.TcpConn, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await connection.read(bytes.subarray(at));
    if (count === null) throw new Error("end");
    at += count;
  }
  return bytes;
}

/** The answer to ApiVersions (version 2) of a broker whose newest Produce request is `produceMax`. */
function apiVersions(produceMax = 12): Reaction {
  const payload = new WireWriter().int16(0).int32(2).int16(0).int16(3).int16(produceMax).int16(22).int16(0).int16(5);
  return { payload: payload.int32(0).bytes() };
}

const identityAnswer = new WireWriter().int32(0).int16(0).int64(5n).int16(0).bytes();

function clusterOf(...brokers: string[]): KafkaCluster & Disposable {
  const cluster = new KafkaCluster({ brokers, clientId: "test", requestTimeoutMs: TIMEOUT_MS }, makeDenoEnv());
  return Object.assign(cluster, { [Symbol.dispose]: () => cluster.stop() });
}

/** Lets sockets that were just closed on either side finish, so that the test leaves nothing behind. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 30));
}

function kafkajsCluster() {
  return createCluster(
    new Kafka({
      brokers: ["127.0.0.1:1"],
      logLevel: logLevel.NOTHING,
      logCreator: () => () => {},
      enforceRequestTimeout: false,
    }),
  );
}

Deno.test("kafkajs keeps its cluster where we look for it, and something else is refused", () => {
  assert(kafkajsCluster().connectionPoolBuilder);
  assertThrows(() => createCluster({}), TypeError, "2.2.4");
});

Deno.test("kafkajs has each private name that we rely on", async () => {
  const cluster = kafkajsCluster();
  const pool = await cluster.connectionPoolBuilder.build({ host: "127.0.0.1", port: 1 });
  const [connection] = pool.pool;
  const broker = cluster.brokerPool.createBroker({ connectionPool: pool, logger: cluster.rootLogger });
  assertEquals(pool.pool.length, 2);
  assertEquals(connection.socket, undefined);
  assertEquals(sessionLifetimeMs(connection), 0);
  assertEquals(broker.versions, null);
  assertEquals(typeof broker.connect, "function");
  assertEquals(typeof connection.requestQueue.maybeThrottle, "function");
  assertEquals(typeof connection.requestQueue.scheduleCheckPendingRequests, "function");
});

Deno.test("kafkajs's request queue leaves no timer behind", async () => {
  const pool = await kafkajsCluster().connectionPoolBuilder.build({ host: "127.0.0.1", port: 1 });
  const queue = pool.pool[0].requestQueue;
  disableThrottling(queue);
  queue.maybeThrottle(60_000);
  const push = Reflect.get(queue, "push") as (request: object) => void;
  const entry = { apiKey: 18, apiName: "ApiVersions", apiVersion: 2, correlationId: 0 };
  push.call(queue, { entry, expectResponse: true, sendRequest: () => {} });
  assertEquals(Reflect.get(queue, "throttleCheckTimeoutId"), null);
});

Deno.test("a request goes out and its answer comes back, over one connection for all", async () => {
  using broker = new FakeBroker((apiKey) => apiKey === API_VERSIONS ? apiVersions() : { payload: identityAnswer });
  using cluster = clusterOf(broker.address);
  const connections = await Promise.all([cluster.connection(), cluster.connection(), cluster.connection()]);
  for (const connection of connections) {
    const { producerId } = parseInitProducerIdAnswer(await connection.request(initProducerIdRequest));
    assertEquals(producerId, 5n);
  }
  assertEquals(broker.connectionCount, 1);
  cluster.stop();
  await settle();
});

Deno.test("a refused connection rejects and names the address", async () => {
  using cluster = clusterOf(NOBODY);
  const error = await assertRejects(() => cluster.metadata("t"), Error, NOBODY);
  assertStringIncludes(error.message, "Connection refused");
  await settle();
});

Deno.test("where the first broker is away, the next is asked", async () => {
  using broker = new FakeBroker((apiKey) => apiKey === API_VERSIONS ? apiVersions() : { payload: identityAnswer });
  using cluster = clusterOf(NOBODY, broker.address);
  assert((await cluster.connection()).usable);
  cluster.stop();
  await settle();
});

Deno.test("a broker that hangs while connecting times out", async () => {
  using broker = new FakeBroker(() => "silence");
  using cluster = clusterOf(broker.address);
  await assertRejects(() => cluster.connection(), Error, `no connection after ${TIMEOUT_MS} ms`);
  await settle();
});

Deno.test("a broker that hangs later times out: all its requests fail, and a new connection is opened", async () => {
  using broker = new FakeBroker((apiKey) => apiKey === API_VERSIONS ? apiVersions() : "silence");
  using cluster = clusterOf(broker.address);
  const connection = await cluster.connection();
  const requests = [connection.request(initProducerIdRequest), connection.request(initProducerIdRequest)];
  for (const request of await Promise.allSettled(requests)) assertEquals(request.status, "rejected");
  await assertRejects(() => requests[0], Error, "no answer for");
  assertEquals(connection.usable, false);
  assert((await cluster.connection()).usable);
  assertEquals(broker.connectionCount, 2);
  cluster.stop();
  await settle();
});

Deno.test("a broker that is slow but answers does not time out", async () => {
  using broker = new FakeBroker((apiKey) =>
    apiKey === API_VERSIONS ? apiVersions() : { payload: identityAnswer, afterMs: 400 }
  );
  using cluster = clusterOf(broker.address);
  const connection = await cluster.connection();
  const requests = [1, 2, 3].map(() => connection.request(initProducerIdRequest));
  const answers = await Promise.all(requests);
  assertEquals(answers.map((answer) => parseInitProducerIdAnswer(answer).producerId), [5n, 5n, 5n]);
  cluster.stop();
  await settle();
});

Deno.test("when a broker hangs up, its unanswered requests fail and nothing else does", async () => {
  using broker = new FakeBroker((apiKey, count) =>
    apiKey === API_VERSIONS ? apiVersions() : count < 3 ? "silence" : "hangUp"
  );
  using cluster = clusterOf(broker.address);
  const connection = await cluster.connection();
  const requests = [1, 2, 3].map(() => connection.request(initProducerIdRequest));
  for (const request of await Promise.allSettled(requests)) assertEquals(request.status, "rejected");
  assertEquals(connection.usable, false);
  await assertRejects(() => connection.request(initProducerIdRequest), Error, "closed");
  await settle();
});

Deno.test("stopping fails what is unanswered or still connecting, and opens nothing more", async () => {
  using broker = new FakeBroker((apiKey) => apiKey === API_VERSIONS ? apiVersions() : "silence");
  using hanging = new FakeBroker(() => "silence");
  using cluster = clusterOf(broker.address);
  using connecting = clusterOf(hanging.address);
  const request = (await cluster.connection()).request(initProducerIdRequest);
  const connection = connecting.connection();
  await settle();
  cluster.stop();
  connecting.stop();
  await assertRejects(() => request, Error, "delivery stops");
  await assertRejects(() => connection, Error, "delivery stops");
  await assertRejects(() => cluster.connection(), Error, "stopped");
  await settle();
});

Deno.test("a broker that is too old is told so", async () => {
  using broker = new FakeBroker(() => apiVersions(5));
  using cluster = clusterOf(broker.address);
  await assertRejects(() => cluster.connection(), Error, "older than Kafka 2.1");
  await settle();
});

Deno.test("a broker's address is host:port, also of IPv6", () => {
  assertEquals(parseBrokerAddress("kafka-0.kafka:9092"), { host: "kafka-0.kafka", port: 9092 });
  assertEquals(parseBrokerAddress(" [::1]:9093 "), { host: "::1", port: 9093 });
  for (const wrong of ["kafka", "kafka:", ":9092", "a:b", "::1:9092", ""]) {
    assertThrows(() => parseBrokerAddress(wrong), TypeError, "host:port");
  }
});
