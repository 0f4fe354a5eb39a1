import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Env } from "../../core/env.ts";
import type { Log } from "../../core/log.ts";
import type { RecordSlot } from "../../core/slot.ts";
import type { RequestChannel } from "./broker_connection.ts";
import type { BrokerDirectory } from "./cluster.ts";
import type { TopicMetadata } from "./metadata_request.ts";
import { KafkaProducer } from "./producer.ts";
import type { KafkaRequest } from "./request.ts";
import { candidates, choosePartition } from "./topic_sender.ts";
import { WireReader, WireWriter } from "./wire.ts";

const LEADER_ONLY: ReadonlyMap<number, number> = new Map([[0, 1]]);

/** A Produce request as a fake broker sees it. */
interface SeenProduce {
  readonly nodeId: number;
  readonly topic: string;
  readonly partition: number;
}

/** A cluster made of a script: what metadata says, and which error code each Produce request gets. */
class FakeCluster implements BrokerDirectory {
  readonly produced: SeenProduce[] = [];
  metadataCount = 0;
  identityCount = 0;
  isStopped = false;
  metadataNow: () => Pick<TopicMetadata, "errorCode" | "leaders"> = () => ({ errorCode: 0, leaders: LEADER_ONLY });
  /** Error code, "lost" for a connection that breaks, "silence" for no answer until the end. */
  answer: (request: SeenProduce, count: number) => number | "lost" | "silence" = () => 0;

  metadata(): Promise<TopicMetadata> {
    this.metadataCount++;
    return Promise.resolve({ brokers: new Map(), ...this.metadataNow() });
  }

  connection(nodeId = -1): Promise<RequestChannel> {
    let usable = true;
    return Promise.resolve({
      get usable() {
        return usable;
      },
      request: (request: KafkaRequest) => this.#answer(nodeId, request),
      drop: () => usable = false,
    });
  }

  tryConnection(): undefined {}

  stop(): void {
    this.isStopped = true;
  }

  #answer(nodeId: number, request: KafkaRequest): Promise<Uint8Array> {
    if (request.apiName === "InitProducerId") {
      const identity = new WireWriter().int32(0).int16(0).int64(BigInt(++this.identityCount)).int16(0);
      return Promise.resolve(identity.bytes());
    }
    const seen = { nodeId, ...readTarget(request.encode(0, "test")) };
    const code = this.answer(seen, this.produced.push(seen));
    if (code === "silence") return new Promise(() => {});
    if (code === "lost") return Promise.reject(new Error("connection reset"));
    return Promise.resolve(produceAnswer(seen, code));
  }
}

function readTarget(bytes: Uint8Array): { topic: string; partition: number } {
  const reader = new WireReader(bytes);
  reader.raw(4 + 2 + 2 + 4);
  reader.nullableString();
  reader.nullableString();
  reader.raw(2 + 4 + 4);
  const topic = reader.string();
  reader.int32();
  return { topic, partition: reader.int32() };
}

function produceAnswer({ topic, partition }: SeenProduce, code: number): Uint8Array {
  const writer = new WireWriter().int32(1).string(topic).int32(1).int32(partition).int16(code).int64(77n);
  return writer.int64(-1n).int64(0n).int32(0).bytes();
}

/** A virtual clock on which every wait ends at once. */
class FakeClock {
  nowMs = 1_000_000;
  readonly sleeps: number[] = [];
  onSleep: () => void = () => {};

  sleep(ms: number): Promise<void> {
    this.nowMs += ms;
    this.sleeps.push(ms);
    this.onSleep();
    return new Promise((resolve) => setTimeout(resolve));
  }
}

class CollectedLog implements Log {
  readonly throttledByKey = new Map<string, string>();
  info(): void {}
  warn(): void {}
  error(): void {}
  throttled(key: string, message: string): void {
    this.throttledByKey.set(key, message);
  }
}

class TestSlot implements RecordSlot {
  readonly batchBytes = 4;
  readonly seals: [producerId: bigint, baseSequence: number][] = [];
  constructor(readonly recordCount = 1) {}
  seal(producerId: bigint, _epoch: number, baseSequence: number): void {
    this.seals.push([producerId, baseSequence]);
  }
  frame(header: Uint8Array): Uint8Array {
    return header;
  }
  release(): void {}
}

function makeWorld() {
  const cluster = new FakeCluster();
  const clock = new FakeClock();
  const log = new CollectedLog();
  const env = { now: () => clock.nowMs, sleep: (ms: number) => clock.sleep(ms), random: () => 0 } as Partial<
    Env
  > as Env;
  const options = {
    brokers: ["kafka:9092"],
    clientId: "test",
    requestTimeoutMs: 1000,
    inFlightPerPartitionMax: 5,
    backoffInitMs: 100,
    backoffMaxMs: 800,
    metadataMaxAgeMs: 60_000,
  };
  return { cluster, clock, log, producer: new KafkaProducer(options, env, log, cluster) };
}

Deno.test("a delivered slot is acknowledged with its place, and counted", async () => {
  const { producer } = makeWorld();
  assertEquals(await producer.send("t", new TestSlot(3)), { kind: "acknowledged", partition: 0, baseOffset: 77n });
  assertEquals([producer.metrics.acknowledgedRecords, producer.metrics.acknowledgedBytes], [3, 4]);
});

Deno.test("a topic whose name Kafka refuses makes its slots undeliverable, with the reason", async () => {
  const { producer, cluster } = makeWorld();
  cluster.metadataNow = () => ({ errorCode: 17, leaders: new Map() });
  const outcome = await producer.send("no such name!", new TestSlot());
  assertStringIncludes(outcome.kind === "undeliverable" ? outcome.reason : outcome.kind, "INVALID_TOPIC_EXCEPTION");
});

Deno.test("records for a missing topic wait until somebody creates it, and the user is told", async () => {
  const { producer, cluster, clock, log } = makeWorld();
  cluster.metadataNow = () =>
    clock.sleeps.length < 10 ? { errorCode: 3, leaders: new Map() } : { errorCode: 0, leaders: LEADER_ONLY };
  assertEquals((await producer.send("logs", new TestSlot())).kind, "acknowledged");
  assertEquals([...log.throttledByKey.values()], [
    "Topic logs does not exist at Kafka kafka:9092: create it or enable auto.create.topics.enable; records wait",
  ]);
});

Deno.test("waits grow up to the cap", async () => {
  const { producer, cluster, clock } = makeWorld();
  cluster.answer = (_request, count) => count <= 6 ? "lost" : 0;
  await producer.send("t", new TestSlot());
  assertEquals(clock.sleeps, [50, 100, 200, 400, 400, 400]);
});

Deno.test("slots that wait for the topic's partitions keep their order", async () => {
  const { producer } = makeWorld();
  const slots = [1, 2, 3, 4].map((count) => new TestSlot(count));
  await Promise.all(slots.map((slot) => producer.send("t", slot)));
  assertEquals(slots.map((slot) => slot.seals), [[[1n, 0]], [[1n, 1]], [[1n, 3]], [[1n, 6]]]);
});

Deno.test("after a lost connection the same numbers are sent again, and the user is told if it lasts", async () => {
  const { producer, cluster, log } = makeWorld();
  cluster.answer = (_request, count) => count <= 8 ? "lost" : 0;
  const slot = new TestSlot(2);
  await producer.send("t", slot);
  assertEquals(slot.seals, Array.from({ length: 9 }, () => [1n, 0]));
  assertEquals(producer.metrics.retries, 8);
  const [message] = log.throttledByKey.values();
  assertStringIncludes(message, "Kafka at kafka:9092 does not answer: connection reset");
});

Deno.test("when the leader moves, metadata is asked for again and the new leader gets the batch", async () => {
  const { producer, cluster } = makeWorld();
  cluster.metadataNow = () => ({ errorCode: 0, leaders: new Map([[0, cluster.metadataCount === 1 ? 1 : 2]]) });
  cluster.answer = ({ nodeId }) => nodeId === 1 ? 6 : 0;
  assertEquals((await producer.send("t", new TestSlot())).kind, "acknowledged");
  assertEquals(cluster.produced.map(({ nodeId }) => nodeId), [1, 2]);
  assertEquals([...producer.metrics.errorsByCode], [["NOT_LEADER_OR_FOLLOWER", 1]]);
});

Deno.test("a batch that is too large is undeliverable and does not stop the others", async () => {
  const { producer, cluster } = makeWorld();
  cluster.answer = (_request, count) => count === 2 ? 10 : 0;
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => producer.send("t", new TestSlot())));
  assertEquals(outcomes.map(({ kind }) => kind), ["acknowledged", "undeliverable", "acknowledged", "acknowledged"]);
});

Deno.test("a broker that forgot the producer gets a new identity, numbered from 0, and it is counted", async () => {
  const { producer, cluster } = makeWorld();
  cluster.answer = (_request, count) => count === 2 ? 59 : 0;
  const slots = [new TestSlot(5), new TestSlot(5)];
  await producer.send("t", slots[0]);
  await producer.send("t", slots[1]);
  assertEquals(slots.map((slot) => slot.seals), [[[1n, 0]], [[1n, 5], [2n, 0]]]);
  assertEquals(producer.metrics.identityRenewals, 1);
});

Deno.test("a repeated batch that the broker reports is acknowledged and counted", async () => {
  const { producer, cluster } = makeWorld();
  cluster.answer = () => 46;
  assertEquals((await producer.send("t", new TestSlot())).kind, "acknowledged");
  assertEquals(producer.metrics.duplicatesReported, 1);
});

Deno.test("records wait while the user may not write, and the message says what to allow", async () => {
  const { producer, cluster, log } = makeWorld();
  cluster.answer = (_request, count) => count <= 10 ? 29 : 0;
  assertEquals((await producer.send("t", new TestSlot())).kind, "acknowledged");
  const [message] = log.throttledByKey.values();
  assertStringIncludes(message, "TOPIC_AUTHORIZATION_FAILED (allow this user to WRITE");
});

Deno.test("what was meant for a partition that no longer exists goes to another", async () => {
  const { producer, cluster } = makeWorld();
  const before = new Map([[7, 1]]);
  cluster.metadataNow = () => ({ errorCode: 0, leaders: cluster.metadataCount === 1 ? before : LEADER_ONLY });
  cluster.answer = ({ partition }) => partition === 7 ? 3 : 0;
  const outcomes = await Promise.all([producer.send("t", new TestSlot()), producer.send("t", new TestSlot())]);
  assertEquals(
    [...outcomes],
    Array.from({ length: 2 }, () => ({ kind: "acknowledged", partition: 0, baseOffset: 77n })),
  );
});

Deno.test("stopping waits for what is pending, then disconnects and takes no more", async () => {
  const { producer, cluster } = makeWorld();
  const pending = producer.send("t", new TestSlot());
  await producer.stop(10_000);
  assertEquals((await pending).kind, "acknowledged");
  assert(cluster.isStopped);
  assertEquals(await producer.send("t", new TestSlot()), { kind: "abandoned" });
});

Deno.test("what is still pending at the deadline is abandoned", async () => {
  const { producer, cluster } = makeWorld();
  cluster.answer = () => "silence";
  const pending = [producer.send("t", new TestSlot()), producer.send("u", new TestSlot())];
  await producer.stop(10);
  assertEquals(await Promise.all(pending), [{ kind: "abandoned" }, { kind: "abandoned" }]);
});

Deno.test("a partition with a leader is preferred, each alike", () => {
  const leaders = new Map([[0, -1], [1, 5], [2, -1], [3, 6]]);
  assertEquals([0, 0.49, 0.5, 0.99].map((random) => choosePartition(candidates(leaders), random)), [1, 1, 3, 3]);
  assertEquals(choosePartition(candidates(new Map([[0, -1], [1, -1]])), 0.99), 1);
});
