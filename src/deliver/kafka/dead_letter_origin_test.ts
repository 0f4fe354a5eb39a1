/** @module */
import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../../tests/support/clock_env.ts";
import { NGINX_SOURCE, testKernel } from "../../../tests/support/kernel.ts";
import { RecordingLog } from "../../../tests/support/recording_log.ts";
import type { LogRecord } from "../../core/record.ts";
import type { RecordSlot } from "../../core/slot.ts";
import { Ticket } from "../../core/ticket.ts";
import { DeadLetters } from "../dead_letters.ts";
import { FlusherKafkaV2 } from "./flusher_kafka_v2.ts";
import { KafkaCluster } from "./cluster.ts";
import type { SendOutcome } from "./outcome.ts";
import { KafkaProducer } from "./producer.ts";
import { RecordRouter } from "./record_router.ts";

const REFUSED: SendOutcome = { kind: "undeliverable", reason: "no", tooLarge: false };
const TOO_LARGE: SendOutcome = { kind: "undeliverable", reason: "too large", tooLarge: true };
const ACKNOWLEDGED: SendOutcome = { kind: "acknowledged", partition: 0, baseOffset: 0n };

/** A producer whose answers depend on how many records it is given. */
class AnsweringProducer extends KafkaProducer {
  answer: (records: number, turn: number) => SendOutcome = () => REFUSED;
  #turn = 0;

  override send(_topic: string, slot: RecordSlot): Promise<SendOutcome> {
    return Promise.resolve(this.answer(slot.recordCount, this.#turn++));
  }

  override partitions(): Promise<number> {
    return Promise.resolve(1);
  }
}

/** A flusher whose records are numbers, and whose letters are read back. */
class Scene implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "sluice-origin-" });
  readonly producer: AnsweringProducer;
  readonly #flusher: FlusherKafkaV2;
  readonly #letters: DeadLetters;

  constructor(hasKeys: boolean, batchBytesMax = 100_000) {
    const [env, log] = [new ClockEnv(), new RecordingLog()];
    const times = { requestTimeoutMs: 1000, backoffInitMs: 1, backoffMaxMs: 1, metadataMaxAgeMs: 1000 };
    const options = { ...times, brokers: ["127.0.0.1:1"], clientId: "test", inFlightPerPartitionMax: 5 };
    this.producer = new AnsweringProducer(options, env, log, new KafkaCluster(options, env));
    this.#letters = new DeadLetters(this.directory, env, log);
    const hashKeys = hasKeys ? [{ kind: "content", name: "number" } as const] : undefined;
    const topic = { texts: ["t"], paths: [] };
    const router = new RecordRouter({ topic, fallbackTopic: undefined, hashKeys, hashOnce: false }, () => ({
      find: () => [{ field: 0 }],
    }));
    const form = { template: () => undefined, message: ({ fields }: LogRecord) => fields[0].value };
    const kernel = testKernel({ batchBytesMax });
    const parts = { kernel, producer: this.producer, router, form, deadLetters: this.#letters, env, log };
    const batching = { headers: [], codec: undefined, recordsMax: Infinity, lingerMs: 0, openMax: 1 };
    this.#flusher = new FlusherKafkaV2(parts, { ...batching, partitioner: hasKeys ? "hash" : "random" });
  }

  async deliver(key: string, offsetStart: number, values: readonly string[]): Promise<void> {
    const source = { ...NGINX_SOURCE, key };
    const records = values.map((value) => ({ seconds: 0, fields: [{ name: "number", value }] }));
    const offsetEnd = offsetStart + values.length;
    const batch = { source, rows: 0, fields: [], offsetStart, offsetEnd, offsetSafe: offsetEnd, records };
    await this.#flusher.deliver(batch, new Ticket(() => {}));
  }

  /** Message, key and origin of each letter, once all has gone out. */
  async letters() {
    await this.#flusher.stop(0);
    await new Promise((resolve) => setTimeout(resolve, 0));
    const lines = Deno.readTextFileSync(this.#letters.path).trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line)).map(({ message, key, source, offsets }) => [
      ...[message.slice(0, 8), key ?? null, source, ...offsets],
    ]);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }
}

Deno.test("each letter of a batch of several sources says which it came from", async () => {
  using scene = new Scene(false);
  await scene.deliver("a", 10, ["1", "2"]);
  await scene.deliver("b", 500, ["3"]);
  await scene.deliver("a", 12, ["4"]);
  assertEquals(await scene.letters(), [
    ["1", null, "a", 10, 12],
    ["2", null, "a", 10, 12],
    ["3", null, "b", 500, 501],
    ["4", null, "a", 12, 13],
  ]);
});

Deno.test("where a batch is sent in parts, the letters of each part say where they came from, and keep their keys", async () => {
  using scene = new Scene(true);
  scene.producer.answer = (records, turn) => records > 1 ? TOO_LARGE : turn % 2 === 1 ? ACKNOWLEDGED : TOO_LARGE;
  await scene.deliver("a", 0, ["1", "1", "1"]);
  await scene.deliver("b", 7, ["1", "1"]);
  // Turns: 5 are too large, 1 is taken, 4 are too large, 1 is taken, …; the last one goes alone at once.
  assertEquals(await scene.letters(), [["1", "1", "b", 7, 9]]);
});

Deno.test("a message that no batch takes says where it came from, and keeps its key", async () => {
  for (const hasKeys of [false, true]) {
    using scene = new Scene(hasKeys, 1500);
    const long = "x".repeat(2000);
    await scene.deliver("a", 3, ["1", long, "2"]);
    const letters = await scene.letters();
    assertEquals(letters.find(([message]) => message === "xxxxxxxx"), [
      "xxxxxxxx",
      hasKeys ? long : null,
      ...["a", 3, 6],
    ]);
    assertEquals(letters.length, 3);
  }
});
