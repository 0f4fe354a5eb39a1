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
import { type MakeTemplate, Templates } from "./templates.ts";

/** Writes lines. */
export class FlusherStdout implements Flusher {
  readonly counts: DeliveryCounts = { records: 0, bytes: 0, undeliverable: 0 };
  readonly #kernel: Kernel;
  readonly #templates: Templates;
  readonly #env: Env;

  constructor(kernel: Kernel, makeTemplate: MakeTemplate, env: Env) {
    this.#kernel = kernel;
    this.#templates = new Templates(makeTemplate);
    this.#env = env;
  }

  async deliver(batch: Batch, ticket: Ticket): Promise<void> {
    ticket.hold();
    for (let row = 0; row < batch.rows;) row = await this.#writeSome(batch, row);
    ticket.release();
  }

  idle(): void {}

  stop(): Promise<void> {
    return Promise.resolve();
  }

  async #writeSome(batch: Batch, row: number): Promise<number> {
    const slot = await this.#kernel.takeSlot(this.#env.now);
    const next = this.#kernel.renderLines(this.#templates.get(batch.fields), row, batch.rows, slot);
    await this.#env.writeStdout(slot.records);
    this.counts.records += next - row;
    this.counts.bytes += slot.records.length;
    slot.release();
    return next;
  }
}
