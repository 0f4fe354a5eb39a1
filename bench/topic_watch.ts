/**
 * Looks at a topic from outside: how many records it holds, and what the first of them looks like.
 *
 * @module
 */
import { type Admin, Kafka, logLevel } from "kafkajs";

const POLL_INTERVAL_MS = 100;

/** A connection to the broker for looking at topics. */
export class TopicWatch implements AsyncDisposable {
  readonly #kafka: Kafka;
  readonly #admin: Admin;

  private constructor(kafka: Kafka, admin: Admin) {
    this.#kafka = kafka;
    this.#admin = admin;
  }

  /** Connects to `broker`, given as `host:port`. */
  static async open(broker: string): Promise<TopicWatch> {
    const kafka = new Kafka({ clientId: "bench", brokers: [broker], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    return new TopicWatch(kafka, admin);
  }

  /**
   * Waits until the end offsets of the topic's partitions sum to `recordCount`.
   *
   * @throws when it takes longer than `deadlineMs`, when `ended` resolves first (the agent has died), and when records
   *   arrive more than once.
   */
  async waitForRecords(topic: string, recordCount: number, deadlineMs: number, ended: Promise<unknown>): Promise<void> {
    let died = false;
    ended.then(() => died = true);
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      const present = await this.#recordCount(topic);
      if (present > recordCount) throw new Error(`${present} records arrived where ${recordCount} lines were written`);
      if (present === recordCount) return;
      if (died) throw new Error(`The agent ended when ${present} of ${recordCount} records had arrived`);
      if (performance.now() > deadline) throw new Error(`Only ${present} of ${recordCount} records arrived in time`);
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }

  /** The number of records in a topic from which none was deleted. */
  async #recordCount(topic: string): Promise<number> {
    const offsets = await this.#admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  }

  /** The text of one record of the topic. Waits for one. */
  async sample(topic: string): Promise<string> {
    const consumer = this.#kafka.consumer({ groupId: crypto.randomUUID(), maxBytesPerPartition: 64 * 1024 });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      return await new Promise<string>((resolve, reject) => {
        const eachMessage = ({ message }: { message: { value: Uint8Array | null } }) => {
          resolve(new TextDecoder().decode(message.value ?? undefined));
          return Promise.resolve();
        };
        consumer.run({ eachMessage }).catch(reject);
      });
    } finally {
      await consumer.disconnect();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#admin.disconnect();
  }
}
