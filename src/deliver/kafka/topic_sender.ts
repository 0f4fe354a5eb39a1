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
import type { Placement } from "./partitioner.ts";
import { PartitionSender, type SenderContext } from "./partition_sender.ts";
import type { TopicDirectory } from "./topic_directory.ts";

/** Spreads slots over the partitions of one topic. */
export class TopicSender {
  readonly #topic: TopicDirectory;
  readonly #context: SenderContext;
  readonly #senders = new Map<number, PartitionSender>();
  #waiting: PendingSend[] = [];
  #counting: ((partitions: number) => void)[] = [];
  #learning = false;
  #turn = 0;
  /** Those to choose among, as long as the leaders are these. */
  #candidates: { readonly leaders: TopicMetadata["leaders"]; readonly partitions: readonly number[] } | undefined;

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

  /** The number of partitions as far as it is known. */
  get knownPartitions(): number | undefined {
    return this.#topic.known?.leaders.size;
  }

  /** The number of partitions, once it is known; 1 where the topic is refused or delivery stops. */
  partitions(): Promise<number> {
    return new Promise((resolve) => {
      this.#counting.push(resolve);
      if (!this.#learning) void this.#learn();
    });
  }

  async #learn(): Promise<void> {
    this.#learning = true;
    const failures = new FailureStreak();
    while (this.#isAwaited && !this.#context.signal.aborted) await this.#tryLearn(failures);
    this.#learning = false;
    this.#count(1);
  }

  get #isAwaited(): boolean {
    return this.#waiting.length > 0 || this.#counting.length > 0;
  }

  #count(partitions: number): void {
    for (const resolve of this.#counting.splice(0)) resolve(partitions);
  }

  async #tryLearn(failures: FailureStreak): Promise<void> {
    try {
      const metadata = await this.#topic.current();
      this.#count(metadata.leaders.size);
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
    this.#count(1);
    for (const send of this.#waiting.splice(0)) {
      send.settle({ kind: "undeliverable", reason: error.message, tooLarge: false });
    }
  }

  #route(send: PendingSend, metadata: TopicMetadata): void {
    const partition = this.#choose(send.placement, metadata);
    const sender = this.#senders.get(partition) ?? this.#open(partition);
    sender.add(send);
  }

  /** In place of a partition that is gone, because the topic was made anew with fewer, another one is chosen. */
  #choose(placement: Placement, { leaders }: TopicMetadata): number {
    if (typeof placement === "number" && leaders.has(placement)) return placement;
    if (this.#candidates?.leaders !== leaders) this.#candidates = { leaders, partitions: candidates(leaders) };
    const { partitions } = this.#candidates;
    return placement === "roundrobin"
      ? partitionInTurn(partitions, this.#turn++)
      : choosePartition(partitions, this.#context.env.random());
  }

  #open(partition: number): PartitionSender {
    const sender = new PartitionSender(partition, this.#topic, this.#context, (send) => this.add(send));
    this.#senders.set(partition, sender);
    return sender;
  }
}

/**
 * The partitions that have a leader, or all when none has, in their order.
 *
 * @param leaders partition to leader, -1 for none; not empty.
 */
export function candidates(leaders: ReadonlyMap<number, number>): number[] {
  const led = [...leaders].filter(([, leader]) => leader >= 0).map(([partition]) => partition);
  return (led.length > 0 ? led : [...leaders.keys()]).sort((one, other) => one - other);
}

/** Chooses evenly. @param random in [0, 1). */
export function choosePartition(partitions: readonly number[], random: number): number {
  return partitions[Math.floor(random * partitions.length)];
}

/** Chooses one after the other. @param turn counts up from 0. */
export function partitionInTurn(partitions: readonly number[], turn: number): number {
  return partitions[turn % partitions.length];
}
