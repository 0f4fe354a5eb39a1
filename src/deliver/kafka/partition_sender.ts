/**
 * Delivers to one partition: finds the leader, sends what the queue allows, settles what was answered, and after a failure
 * waits and starts over. Retries for ever; only the producer's stop ends it.
 *
 * @module
 */
import type { Env } from "../../core/env.ts";
import { backoffMs, type BackoffOptions, FailureStreak } from "./backoff.ts";
import type { RequestChannel } from "./broker_connection.ts";
import { BrokerError } from "./broker_error.ts";
import type { BrokerDirectory } from "./cluster.ts";
import { describeErrorCode, DUPLICATE_SEQUENCE_NUMBER, errorCode, isTooLarge } from "./error_codes.ts";
import type { FailureReport } from "./failure_report.ts";
import type { PendingSend, ProducerCounters } from "./outcome.ts";
import { PartitionQueue, type QueuedBatch } from "./partition_queue.ts";
import { parseProduceAnswer, type ProduceAnswer, ProduceRequests } from "./produce_request.ts";
import type { ProducerIdentity } from "./init_producer_id_request.ts";
import type { TopicDirectory } from "./topic_directory.ts";

/** The bit of a batch's attributes that says that it is part of a transaction: https://kafka.apache.org/documentation/#recordbatch */
const TRANSACTIONAL = 0x10;

/** A transaction that all batches of a producer are part of. */
export interface Membership {
  readonly transactionalId: string;
  /** Under which batches are numbered. @param refused one that a broker refused: then there is no other. Rejects. */
  current(refused: ProducerIdentity | undefined): Promise<ProducerIdentity>;
  /** Makes a partition part of the transaction, unless it is already. Rejects where that fails, perhaps for a moment. */
  enlist(topic: string, partition: number): Promise<void>;
}

/** What all senders of a producer share. */
export interface SenderContext {
  readonly cluster: BrokerDirectory;
  readonly identities: Pick<Membership, "current">;
  readonly membership?: Membership;
  readonly counters: ProducerCounters;
  readonly report: FailureReport;
  readonly env: Env;
  readonly options: BackoffOptions & {
    readonly requestTimeoutMs: number;
    readonly brokerTimeoutMs?: number;
    readonly inFlightPerPartitionMax: number;
  };
  /** Aborts when the producer stops. */
  readonly signal: AbortSignal;
}

/** One stretch of sending over one connection; it ends when the queue is empty, or drained after a failure. */
interface Stretch {
  readonly channel: RequestChannel;
  readonly finish: (failure: unknown) => void;
  /** The first failure, if any. */
  failure: unknown;
}

/** Delivers to one partition, in order. */
export class PartitionSender {
  readonly #partition: number;
  readonly #topic: TopicDirectory;
  readonly #context: SenderContext;
  readonly #queue: PartitionQueue;
  readonly #requests: ProduceRequests;
  readonly #reroute: (send: PendingSend) => void;
  readonly #failures = new FailureStreak();
  #stretch: Stretch | undefined;
  #running = false;

  /** @param reroute takes back what is queued when the partition turns out not to exist any more. */
  constructor(
    partition: number,
    topic: TopicDirectory,
    context: SenderContext,
    reroute: (send: PendingSend) => void,
  ) {
    this.#partition = partition;
    this.#topic = topic;
    this.#context = context;
    this.#reroute = reroute;
    this.#queue = new PartitionQueue(context.options.inFlightPerPartitionMax);
    const { brokerTimeoutMs, requestTimeoutMs } = context.options;
    const timeoutMs = Math.min(brokerTimeoutMs ?? requestTimeoutMs, requestTimeoutMs);
    const { transactionalId } = context.membership ?? {};
    this.#requests = new ProduceRequests({ topic: topic.name, partition, timeoutMs, transactionalId });
  }

  /** Takes a slot for this partition, behind those taken before. */
  add(send: PendingSend): void {
    this.#queue.add(send);
    if (this.#stretch !== undefined) this.#fill(this.#stretch);
    else if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#queue.size > 0 && !this.#context.signal.aborted) {
      const failure = await this.#tryOnce();
      if (failure !== undefined && !this.#context.signal.aborted) await this.#backOff(failure);
    }
    this.#running = false;
  }

  /** @returns why the rest of the queue could not be sent; undefined when nothing stands against going on at once. */
  async #tryOnce(): Promise<unknown> {
    try {
      const channel = this.#tryChannel() ?? await this.#channel();
      if (channel === undefined) return this.#queue.evict().forEach(this.#reroute);
      const { goodIdentity, refusedIdentity } = this.#queue;
      // What may have arrived is only known again under the identity that it was sent with.
      this.#queue.begin(goodIdentity ?? await this.#context.identities.current(refusedIdentity));
      return await this.#send(channel);
    } catch (error) {
      return error;
    }
  }

  /** To the leader, where nothing must be asked or waited for. */
  #tryChannel(): RequestChannel | undefined {
    const leader = this.#topic.currentIfKnown?.leaders.get(this.#partition);
    if (leader === undefined || this.#context.membership !== undefined) return undefined;
    return this.#context.cluster.tryConnection(leader);
  }

  /** @returns undefined where the partition does not exist any more. */
  async #channel(): Promise<RequestChannel | undefined> {
    const leader = (await this.#topic.current()).leaders.get(this.#partition);
    if (leader === undefined) return undefined;
    if (leader < 0) throw new Error(`partition ${this.#partition} of topic ${this.#topic.name} has no leader`);
    const channel = await this.#context.cluster.connection(leader);
    await this.#context.membership?.enlist(this.#topic.name, this.#partition);
    return channel;
  }

  async #backOff(failure: unknown): Promise<void> {
    const { report, env, options, signal } = this.#context;
    this.#topic.invalidate();
    if (this.#failures.failed(env.now())) report.waiting(this.#topic.name, failure);
    await env.sleep(backoffMs(this.#failures.count, options, env.random()), signal);
  }

  #send(channel: RequestChannel): Promise<unknown> {
    return new Promise((finish) => {
      this.#stretch = { channel, finish, failure: undefined };
      this.#fill(this.#stretch);
    });
  }

  #fill(stretch: Stretch): void {
    for (let batch = this.#queue.take(); batch !== undefined; batch = this.#queue.take()) {
      void this.#exchange(stretch, batch);
    }
    if (this.#queue.inFlight > 0) return;
    this.#stretch = undefined;
    stretch.finish(stretch.failure);
  }

  async #exchange(stretch: Stretch, batch: QueuedBatch): Promise<void> {
    if (batch.attempts > 1) this.#context.counters.retries++;
    const { identity, baseSequence, send } = batch;
    const flags = this.#context.membership === undefined ? 0 : TRANSACTIONAL;
    send.slot.seal(identity.producerId, identity.epoch, baseSequence, flags);
    const answer = await this.#request(stretch, batch);
    if (this.#context.signal.aborted) return;
    if (answer === undefined) this.#queue.lost();
    else this.#settle(stretch, batch, answer);
    this.#fill(stretch);
  }

  /** @returns undefined when the connection was lost. */
  async #request(stretch: Stretch, batch: QueuedBatch): Promise<ProduceAnswer | undefined> {
    try {
      return parseProduceAnswer(await stretch.channel.request(this.#requests.of(batch.send.slot)));
    } catch (error) {
      stretch.channel.drop("a Produce request failed");
      stretch.failure ??= error;
      return undefined;
    }
  }

  #settle(stretch: Stretch, batch: QueuedBatch, answer: ProduceAnswer): void {
    const { counters } = this.#context;
    if (answer.errorCode !== 0) counters.countError(errorCode(answer.errorCode).name);
    const consequence = this.#queue.answered(batch, answer.errorCode);
    if (consequence === "acknowledged") this.#acknowledge(batch, answer);
    else if (consequence === "retry") stretch.failure ??= new BrokerError(answer.errorCode);
    else {
      const { errorCode } = answer;
      batch.send.settle({
        kind: "undeliverable",
        reason: describeErrorCode(errorCode),
        tooLarge: isTooLarge(errorCode),
      });
    }
  }

  #acknowledge({ send }: QueuedBatch, answer: ProduceAnswer): void {
    const { counters } = this.#context;
    this.#failures.succeeded();
    counters.acknowledgedRecords += send.slot.recordCount;
    counters.acknowledgedBytes += send.slot.batchBytes;
    if (answer.errorCode === DUPLICATE_SEQUENCE_NUMBER) counters.duplicatesReported++;
    send.settle({ kind: "acknowledged", partition: this.#partition, baseOffset: answer.baseOffset });
  }
}
