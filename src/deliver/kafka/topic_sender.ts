/**
 * Delivers to one topic: waits until its partitions are known and chooses one for each slot.
 *
 * @module
 */
import { backoffMs, FailureStreak } from "./backoff.ts";
import { BrokerError } from "./broker_error.ts";
import { errorCode } from "./error_codes.ts";
import type { TopicMetadata } from "./metadata_request.ts";
import type { PendingSend } from "./outcome.ts";
import { PartitionSender, type SenderContext } from "./partition_sender.ts";
import type { TopicDirectory } from "./topic_directory.ts";

/** Spreads slots over the partitions of one topic. */
export class TopicSender {
  readonly #topic: TopicDirectory;
  readonly #context: SenderContext;
  readonly #senders = new Map<number, PartitionSender>();
  #waiting: PendingSend[] = [];
  #learning = false;

  constructor(topic: TopicDirectory, context: SenderContext) {
    this.#topic = topic;
    this.#context = context;
  }

  /** Takes a slot; those that wait for the topic's partitions keep their order. */
  add(send: PendingSend): void {
    const known = this.#topic.known;
    if (known !== undefined && !this.#learning) return this.#route(send, known);
    this.#waiting.push(send);
    if (!this.#learning) void this.#learn();
  }

  async #learn(): Promise<void> {
    this.#learning = true;
    const failures = new FailureStreak();
    while (this.#waiting.length > 0 && !this.#context.signal.aborted) await this.#tryLearn(failures);
    this.#learning = false;
  }

  async #tryLearn(failures: FailureStreak): Promise<void> {
    try {
      const metadata = await this.#topic.current();
      for (const send of this.#waiting.splice(0)) this.#route(send, metadata);
    } catch (error) {
      if (error instanceof BrokerError && errorCode(error.code).verdict === "undeliverable") return this.#giveUp(error);
      const { report, env, options, signal } = this.#context;
      if (signal.aborted) return;
      if (failures.failed(env.now())) report.waiting(this.#topic.name, error);
      await env.sleep(backoffMs(failures.count, options, env.random()), signal);
    }
  }

  #giveUp(error: BrokerError): void {
    for (const send of this.#waiting.splice(0)) {
      send.settle({ kind: "undeliverable", reason: error.message, tooLarge: false });
    }
  }

  #route(send: PendingSend, metadata: TopicMetadata): void {
    const partition = choosePartition(metadata.leaders, this.#context.env.random());
    const sender = this.#senders.get(partition) ?? this.#open(partition);
    sender.add(send);
  }

  #open(partition: number): PartitionSender {
    const sender = new PartitionSender(partition, this.#topic, this.#context, (send) => this.add(send));
    this.#senders.set(partition, sender);
    return sender;
  }
}

/**
 * Chooses evenly among the partitions that have a leader, or among all when none has.
 *
 * @param leaders partition to leader, -1 for none; not empty.
 * @param random in [0, 1).
 */
export function choosePartition(leaders: ReadonlyMap<number, number>, random: number): number {
  const led = [...leaders].filter(([, leader]) => leader >= 0).map(([partition]) => partition);
  const candidates = led.length > 0 ? led : [...leaders.keys()];
  return candidates[Math.floor(random * candidates.length)];
}
