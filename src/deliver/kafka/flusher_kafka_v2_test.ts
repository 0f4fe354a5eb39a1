import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ClockEnv } from "../../../tests/support/clock_env.ts";
import { NGINX_SOURCE, nginxLine, testKernel } from "../../../tests/support/kernel.ts";
import { RecordingLog } from "../../../tests/support/recording_log.ts";
import type { Batch } from "../../core/batch.ts";
import type { RecordSlot } from "../../core/slot.ts";
import { Ticket } from "../../core/ticket.ts";
import { Template } from "../../kernel/template.ts";
import { DeadLetters } from "../dead_letters.ts";
import { FlusherKafkaV2 } from "./flusher_kafka_v2.ts";
import { KafkaCluster } from "./cluster.ts";
import type { SendOutcome } from "./outcome.ts";
import { KafkaProducer } from "./producer.ts";
import { RecordRouter } from "./record_router.ts";

const ACKNOWLEDGED: SendOutcome = { kind: "acknowledged", partition: 0, baseOffset: 0n };
const SLOTS = 4;
const template = new Template([{ kind: "escaped", column: 0 }]);

/** A producer that sends nothing: the test decides what becomes of each slot. */
class ScriptedProducer extends KafkaProducer {
  readonly sent: { readonly topic: string; readonly slot: RecordSlot; finish(outcome: SendOutcome): void }[] = [];

  constructor(env: ClockEnv, log: RecordingLog) {
    const times = { requestTimeoutMs: 1000, backoffInitMs: 1, backoffMaxMs: 1, metadataMaxAgeMs: 1000 };
    const options = { ...times, brokers: ["127.0.0.1:1"], clientId: "test", inFlightPerPartitionMax: 5 };
    super(options, env, log, new KafkaCluster(options, env));
  }

  override send(topic: string, slot: RecordSlot): Promise<SendOutcome> {
    return new Promise((finish) => this.sent.push({ topic, slot, finish }));
  }
}

/** A flusher with its kernel and the tickets of what it was given. */
class Scene implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "sluice-flusher-" });
  readonly kernel = testKernel({ slots: SLOTS, batchBytesMax: 10_000 });
  readonly log = new RecordingLog();
  readonly env = new ClockEnv();
  readonly producer = new ScriptedProducer(this.env, this.log);
  readonly flusher = new FlusherKafkaV2(
    {
      kernel: this.kernel,
      producer: this.producer,
      router: new RecordRouter(
        { topic: { texts: ["t"], paths: [] }, fallbackTopic: undefined, hashKeys: undefined, hashOnce: false },
        () => ({ find: () => [] }),
      ),
      form: { template: () => template, message: ({ fields }) => fields.map(({ value }) => value).join() },
      deadLetters: new DeadLetters(this.directory, this.env, this.log),
      env: this.env,
      log: this.log,
    },
    { partitioner: "random", headers: [], codec: undefined, recordsMax: Infinity, lingerMs: 0, openMax: 1 },
  );
  settled = 0;

  /** Delivers `rows` records of about 150 bytes as the pipeline does. */
  async deliver(rows: number): Promise<void> {
    const ticket = new Ticket(() => this.settled++);
    await this.flusher.deliver(this.#decode(rows), ticket);
    ticket.release();
  }

  /** Decides about the oldest slots that were sent. */
  async finish(outcome: SendOutcome, count = 1): Promise<void> {
    for (const { finish } of this.producer.sent.splice(0, count)) finish(outcome);
    await turn();
  }

  get recordsSent(): number {
    return this.producer.sent.reduce((sum, { slot }) => sum + slot.recordCount, 0);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }

  #decode(count: number): Batch {
    const text = Array.from({ length: count }, (_, number) => nginxLine(number)).join("");
    const bytes = new TextEncoder().encode(text);
    this.kernel.chunk.set(bytes);
    const rows = this.kernel.decodeContainerLog(bytes.length, 3);
    const end = bytes.length;
    return { source: NGINX_SOURCE, rows, fields: [], offsetStart: 0, offsetEnd: end, offsetSafe: end };
  }
}

/** Lets everything run that can. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Whether a promise is still pending after everything ran that can. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  void promise.then(() => pending = false);
  await turn();
  return pending;
}

Deno.test("records wait for company until their batch is full", async () => {
  using scene = new Scene();
  await scene.deliver(5);
  await scene.deliver(5);
  assertEquals(scene.producer.sent.length, 0);
  await scene.deliver(50);
  assertEquals(scene.producer.sent.length, 1);
  const [{ topic, slot }] = scene.producer.sent;
  assertEquals(topic, "t");
  assert(slot.recordCount > 10 && slot.batchBytes <= 10_000, `${slot.recordCount} records`);
});

Deno.test("when nothing more comes and nothing is on its way, records go out at once", async () => {
  using scene = new Scene();
  scene.flusher.idle();
  assertEquals(scene.producer.sent.length, 0);
  await scene.deliver(3);
  scene.flusher.idle();
  assertEquals(scene.recordsSent, 3);
});

Deno.test("while a batch is on its way, an idle flusher gathers on, and sends when the answer comes", async () => {
  using scene = new Scene();
  await scene.deliver(3);
  scene.flusher.idle();
  await scene.deliver(2);
  scene.flusher.idle();
  scene.flusher.idle();
  assertEquals(scene.recordsSent, 3);
  await scene.finish(ACKNOWLEDGED);
  assertEquals(scene.recordsSent, 2);
});

Deno.test("an answer sends nothing while more records are coming", async () => {
  using scene = new Scene();
  await scene.deliver(3);
  scene.flusher.idle();
  await scene.deliver(2);
  scene.flusher.idle();
  await scene.deliver(1);
  await scene.finish(ACKNOWLEDGED);
  assertEquals(scene.producer.sent.length, 0);
  scene.flusher.idle();
  assertEquals(scene.recordsSent, 3);
});

Deno.test("with all slots on their way, delivering waits for an answer", async () => {
  using scene = new Scene();
  const delivering = scene.deliver(400);
  assert(await isPending(delivering));
  assertEquals(scene.producer.sent.length, SLOTS);
  let records = scene.recordsSent;
  while (await isPending(delivering)) {
    await scene.finish(ACKNOWLEDGED, SLOTS);
    records += scene.recordsSent;
  }
  scene.flusher.idle();
  await scene.finish(ACKNOWLEDGED, SLOTS);
  records += scene.recordsSent;
  await scene.finish(ACKNOWLEDGED, SLOTS);
  assertEquals([records, scene.flusher.counts.records, scene.settled], [400, 400, 1]);
  assertEquals(scene.kernel.slotsFree, SLOTS);
});

Deno.test("a ticket is settled only when every batch with its records is acknowledged", async () => {
  using scene = new Scene();
  await scene.deliver(5);
  await scene.deliver(100);
  scene.flusher.idle();
  await scene.flusher.stop(0);
  assert(scene.producer.sent.length > 1);
  await scene.finish(ACKNOWLEDGED);
  assertEquals(scene.settled, 1);
  await scene.finish(ACKNOWLEDGED, SLOTS);
  assertEquals(scene.settled, 2);
  assertEquals(scene.flusher.counts.records, 105);
});

Deno.test("an abandoned batch keeps its tickets held, gives its room back and counts nothing", async () => {
  using scene = new Scene();
  await scene.deliver(5);
  scene.flusher.idle();
  await scene.finish({ kind: "abandoned" });
  assertEquals(scene.settled, 0);
  assertEquals(scene.flusher.counts, { records: 0, bytes: 0, undeliverable: 0 });
  assertEquals(scene.kernel.slotsFree, SLOTS);
});

Deno.test("what can never be delivered is counted and reported, and does not hold up the rest", async () => {
  using scene = new Scene();
  await scene.deliver(5);
  scene.flusher.idle();
  await scene.finish({ kind: "undeliverable", reason: "TOPIC_AUTHORIZATION_FAILED", tooLarge: false });
  assertEquals(scene.settled, 1);
  assertEquals(scene.flusher.counts.undeliverable, 5);
  assertStringIncludes(scene.log.lines.join("\n"), "5 records for topic t can never be delivered");
  assertStringIncludes(scene.log.lines.join("\n"), "TOPIC_AUTHORIZATION_FAILED");
  assertEquals([...Deno.readDirSync(scene.directory)].length, 1);
  await scene.deliver(1);
  scene.flusher.idle();
  assertEquals(scene.recordsSent, 1);
});

Deno.test("stopping sends what is open and waits for the answers", async () => {
  using scene = new Scene();
  // Time that passes by itself would end the wait.
  scene.env.sleep = (_ms: number, signal?: AbortSignal) => {
    return new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
  };
  await scene.deliver(5);
  const stopping = scene.flusher.stop(10_000);
  assert(await isPending(stopping));
  await scene.finish(ACKNOWLEDGED);
  await stopping;
  assertEquals(scene.settled, 1);
});

Deno.test("stopping gives up at its deadline; nothing is settled then", async () => {
  using scene = new Scene();
  await scene.deliver(5);
  await scene.flusher.stop(10);
  assertEquals([scene.producer.sent.length, scene.settled], [1, 0]);
});
