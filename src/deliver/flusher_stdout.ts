/**
 * The flusher `flusher_stdout`: records as lines on standard output, for trying out and for the demo. A record counts as delivered
 * when it is written.
 *
 * @module
 */
import type { Batch } from "../core/batch.ts";
import type { Env } from "../core/env.ts";
import type { DeliveryCounts, Flusher } from "../core/flusher.ts";
import type { Ticket } from "../core/ticket.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { MessageForm } from "./message_form.ts";
import { type MessageRows, MessageRowsMaker } from "./message_rows.ts";

/** Writes lines. */
export class FlusherStdout implements Flusher {
  readonly counts: DeliveryCounts = { records: 0, bytes: 0, undeliverable: 0 };
  readonly #kernel: Kernel;
  readonly #messages: MessageRowsMaker;
  readonly #env: Env;

  constructor(kernel: Kernel, form: MessageForm, env: Env) {
    this.#kernel = kernel;
    this.#messages = new MessageRowsMaker(kernel, form);
    this.#env = env;
  }

  async deliver(batch: Batch, ticket: Ticket): Promise<void> {
    ticket.hold();
    for (const portion of this.#messages.rowsOf(batch, () => this.counts.undeliverable++)) {
      for (let row = 0; row < portion.rows;) row = await this.#writeSome(portion, row);
    }
    ticket.release();
  }

  idle(): void {}

  stop(): Promise<void> {
    return Promise.resolve();
  }

  async #writeSome({ template, rows }: MessageRows, row: number): Promise<number> {
    const slot = await this.#kernel.takeSlot(this.#env.now);
    const next = this.#kernel.renderLines(template, row, rows, slot);
    await this.#env.writeStdout(slot.records);
    this.counts.records += next - row;
    this.counts.bytes += slot.records.length;
    slot.release();
    return next;
  }
}
