import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../../tests/support/clock_env.ts";
import { NGINX_SOURCE, testKernel } from "../../../tests/support/kernel.ts";
import { RecordingLog } from "../../../tests/support/recording_log.ts";
import type { RecordSlot } from "../../core/slot.ts";
import { Ticket } from "../../core/ticket.ts";
import { DeadLetters } from "../dead_letters.ts";
import { FlusherKafkaV2 } from "./flusher_kafka_v2.ts";
import { KafkaCluster } from "./cluster.ts";
import type { SendOutcome } from "./outcome.ts";
import { KafkaProducer } from "./producer.ts";
import { RecordRouter } from "./record_router.ts";

const COMPANY_MS_MAX = 1000;

/** A producer that sends nothing: the test decides what becomes of each slot. */
class ScriptedProducer extends KafkaProducer {
  readonly sent: { readonly topic: string; finish(outcome: SendOutcome): void }[] = [];

  override send(topic: string, _slot: RecordSlot): Promise<SendOutcome> {
    return new Promise((finish) => this.sent.push({ topic, finish }));
  }
}

/** A flusher whose topic is a record's first field. */
class Scene {
  readonly env = new ClockEnv();
  readonly log = new RecordingLog();
  readonly producer: ScriptedProducer;
  readonly flusher: FlusherKafkaV2;

  constructor() {
    const times = { requestTimeoutMs: 1000, backoffInitMs: 1, backoffMaxMs: 1, metadataMaxAgeMs: 1000 };
    const options = { ...times, brokers: ["127.0.0.1:1"], clientId: "test", inFlightPerPartitionMax: 5 };
    this.producer = new ScriptedProducer(options, this.env, this.log, new KafkaCluster(options, this.env));
    const { producer, env, log } = this;
    const topic = { texts: ["", ""], paths: [{ kind: "content", name: "app" }] } as const;
    const routing = { topic, fallbackTopic: undefined, hashKeys: undefined, hashOnce: false };
    this.flusher = new FlusherKafkaV2(
      {
        kernel: testKernel({ slots: 16 }),
        producer,
        router: new RecordRouter(routing, () => ({ find: () => [{ field: 0 }] })),
        form: { template: () => undefined, message: ({ fields }) => fields[0].value },
        deadLetters: new DeadLetters("/nowhere", env, log),
        env,
        log,
      },
      { partitioner: "random", headers: [], codec: undefined, recordsMax: Infinity, lingerMs: 0, openMax: 10 },
    );
  }

  /** The topics of what is on its way, in the order in which it was sent. */
  get topics(): readonly string[] {
    return this.producer.sent.map(({ topic }) => topic);
  }

  /** Delivers a record for each topic. */
  async deliver(...topics: readonly string[]): Promise<void> {
    const records = topics.map((value) => ({ seconds: 0, fields: [{ name: "app", value }] }));
    const batch = { source: NGINX_SOURCE, rows: 0, fields: [], offsetStart: 0, offsetEnd: 1, offsetSafe: 1, records };
    await this.flusher.deliver(batch, new Ticket(() => {}));
  }

  /** The oldest batch for this topic is acknowledged. */
  async finish(topic: string): Promise<void> {
    const { sent } = this.producer;
    const [{ finish }] = sent.splice(sent.findIndex((one) => one.topic === topic), 1);
    finish({ kind: "acknowledged", partition: 0, baseOffset: 0n });
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

Deno.test("a batch waits a second at most for the answer to another topic's", async () => {
  const scene = new Scene();
  await scene.deliver("stuck");
  scene.flusher.idle();
  assertEquals(scene.topics, ["stuck"]);
  await scene.deliver("other", "stuck");
  scene.env.pass(COMPANY_MS_MAX - 1);
  scene.flusher.idle();
  assertEquals(scene.topics, ["stuck"]);
  scene.env.pass(1);
  scene.flusher.idle();
  // The second one for the topic that is stuck gathers on: it could go nowhere.
  assertEquals(scene.topics, ["stuck", "other"]);
  await scene.finish("stuck");
  scene.flusher.idle();
  assertEquals(scene.topics, ["other", "stuck"]);
});

Deno.test("a batch waits a second at most while records for other topics come without a pause", async () => {
  const scene = new Scene();
  await scene.deliver("rare");
  for (let count = 0; count < 10; count++) {
    assertEquals(scene.topics, []);
    scene.env.pass(COMPANY_MS_MAX / 10);
    await scene.deliver("busy");
  }
  assertEquals(scene.topics, ["rare"]);
});
