/**
 * The flusher `flusher_kafka_v2` where it delivers exactly once: batches are made as ever, and go out in transactions.
 *
 * @module
 */
import type { Batch } from "../../../core/batch.ts";
import type { DeliveryCounts, Flusher, PositionKeeper } from "../../../core/flusher.ts";
import type { Ticket } from "../../../core/ticket.ts";
import { type BatchingOptions, FlusherKafkaV2, type FlusherKafkaV2Parts } from "../flusher_kafka_v2.ts";
import { TransactionSender, type TransactionSenderOptions, type TransactionSenderParts } from "./transaction_sender.ts";

/** Delivers records and positions in transactions. */
export class ExactlyOnceFlusher implements Flusher {
  readonly counts: DeliveryCounts;
  readonly positions: PositionKeeper;
  readonly #filler: FlusherKafkaV2;
  readonly #sender: TransactionSender;

  constructor(
    parts: FlusherKafkaV2Parts & TransactionSenderParts,
    options: BatchingOptions & TransactionSenderOptions,
  ) {
    let sender: TransactionSender | undefined;
    this.#filler = new FlusherKafkaV2(parts, options, (counts) => {
      return sender = new TransactionSender(parts, options, counts, () => this.#filler.flush());
    });
    this.#sender = sender!;
    this.positions = this.#sender;
    this.counts = this.#filler.counts;
  }

  get isReplaced(): boolean {
    return this.#sender.isFenced;
  }

  async deliver(batch: Batch, ticket: Ticket): Promise<void> {
    await this.#sender.enter();
    await this.#filler.deliver(batch, ticket);
    this.#sender.leave(ticket);
  }

  idle(): void {
    this.#sender.tick();
  }

  async stop(deadlineMs: number): Promise<void> {
    await this.#sender.stop(deadlineMs);
    await this.#filler.stop(0);
  }
}
