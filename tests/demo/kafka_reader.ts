/**
 * Reads back what the demo delivers to a real Kafka, beginning where the topics ended before the demo: earlier records are
 * none of its business.
 *
 * @module
 */
import { type Consumer, Kafka, logLevel } from "kafkajs";

/** An open reader. */
export class KafkaReader {
  readonly #consumer: Consumer;

  private constructor(consumer: Consumer) {
    this.#consumer = consumer;
  }

  /**
   * Makes the topics where they do not exist and calls `onRecord` with the text of each record from now on.
   *
   * @throws when the brokers cannot be reached.
   */
  static async open(
    brokers: string,
    topics: readonly string[],
    onRecord: (text: string) => void,
  ): Promise<KafkaReader> {
    const clientId = `sluice-demo-${crypto.randomUUID()}`;
    const kafka = new Kafka({ clientId, brokers: brokers.split(","), logLevel: logLevel.NOTHING });
    const ends = await prepareTopics(kafka, topics);
    const consumer = kafka.consumer({ groupId: clientId });
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => Promise.resolve(onRecord(message.value?.toString() ?? "")),
    });
    for (const end of ends) consumer.seek(end);
    return new KafkaReader(consumer);
  }

  /** Leaves the consumer group and closes the connections. */
  async close(): Promise<void> {
    await this.#consumer.disconnect();
  }
}

async function prepareTopics(kafka: Kafka, topics: readonly string[]) {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics: topics.map((topic) => ({ topic })), waitForLeaders: true });
    const ends = await Promise.all(
      topics.map(async (topic) => ({ topic, offsets: await admin.fetchTopicOffsets(topic) })),
    );
    return ends.flatMap(({ topic, offsets }) =>
      offsets.map(({ partition, high }) => ({ topic, partition, offset: high }))
    );
  } finally {
    await admin.disconnect();
  }
}
