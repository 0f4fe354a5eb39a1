/**
 * Sends one batch of a transaction within a session: what was set aside of it, and what is in its slot, in parts where a topic finds that too
 * large. What a topic never takes goes to the dead letters, and the transaction without it.
 *
 * @module
 */
import type { DeliveryCounts } from "../../../core/flusher.ts";
import type { KernelSlot } from "../../../kernel/slot.ts";
import type { DeadLetters } from "../../dead_letters.ts";
import type { BatchSizes } from "../batch_sizes.ts";
import { lettersOf, originsFrom } from "../letters_of.ts";
import type { SendOutcome } from "../outcome.ts";
import type { TransactionSession } from "./session.ts";
import type { TransactionBatch } from "./transaction.ts";

const ABANDONED: SendOutcome = { kind: "abandoned" };
const NOTHING_LEFT: SendOutcome = { kind: "acknowledged", partition: -1, baseOffset: -1n };

/** Sends batches. */
export class BatchDelivery {
  readonly #sizes: BatchSizes;
  readonly #deadLetters: DeadLetters;
  readonly #counts: DeliveryCounts;

  /** @param counts the undeliverable are added. */
  constructor(sizes: BatchSizes, deadLetters: DeadLetters, counts: DeliveryCounts) {
    this.#sizes = sizes;
    this.#deadLetters = deadLetters;
    this.#counts = counts;
  }

  /**
   * Sends all that is left of a batch. Begins at once, so that batches keep their order.
   *
   * @returns `acknowledged`; `abandoned` where the session is over; `undeliverable` where a topic does not take what it took before.
   */
  async send(session: TransactionSession, batch: TransactionBatch): Promise<SendOutcome> {
    const { topic, placement } = batch.open.destination;
    const parts = batch.parts.map((part) => session.send(topic, part, placement));
    const outcomes = await Promise.all([...parts, this.#sendSlot(session, batch)]);
    // What the answers were is of no interest once the session is over.
    if (session.isBroken) return ABANDONED;
    return outcomes.find(({ kind }) => kind !== "acknowledged") ?? NOTHING_LEFT;
  }

  async #sendSlot(session: TransactionSession, batch: TransactionBatch): Promise<SendOutcome> {
    const { topic, placement } = batch.open.destination;
    while (batch.slot !== undefined) {
      const { slot } = batch;
      this.#sizes.fit(slot);
      const outcome = await session.send(topic, slot, placement);
      if (outcome.kind === "abandoned" || session.isBroken) return ABANDONED;
      if (outcome.kind === "undeliverable") this.#refused(batch, slot, outcome);
      else if (!slot.hasRest) return outcome;
      else batch.keepPart();
    }
    return NOTHING_LEFT;
  }

  #refused(batch: TransactionBatch, slot: KernelSlot, { tooLarge, reason }: SendOutcome & { kind: "undeliverable" }) {
    const { open: { destination: { topic }, origins }, done } = batch;
    if (tooLarge && slot.recordCount > 1) return this.#sizes.learn(slot, topic);
    this.#counts.undeliverable += slot.recordCount;
    this.#deadLetters.add(topic, reason, lettersOf(slot.records, originsFrom(origins, done)));
    batch.dropPart();
  }
}
