/**
 * The flusher `flusher_file`: records as lines of a file. Gathers the records of many sources in a slot, which goes out when it is
 * full, or when nothing more comes; a record counts as delivered when its slot is on the disk. The kernel's slots are the window: when
 * all wait for the disk, reading waits.
 *
 * @module
 */
import type { Batch } from "../core/batch.ts";
import type { Env } from "../core/env.ts";
import type { DeliveryCounts, Flusher } from "../core/flusher.ts";
import type { Ticket } from "../core/ticket.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { KernelSlot } from "../kernel/slot.ts";
import type { DeadLetters } from "./dead_letters.ts";
import type { LineTarget } from "./line_target.ts";
import type { MessageForm } from "./message_form.ts";
import { type MessageRows, MessageRowsMaker } from "./message_rows.ts";

/** Lines on their way, and who is waiting for them. */
interface Filled {
  readonly slot: KernelSlot;
  readonly tickets: Ticket[];
}

/** Where a file's lines go, under which name its dead letters are kept, and what they are made with. */
export interface FlusherFileParts {
  readonly kernel: Kernel;
  readonly form: MessageForm;
  readonly path: string;
  readonly target: LineTarget;
  readonly deadLetters: DeadLetters;
  readonly env: Env;
}

/** Writes a file. */
export class FlusherFile implements Flusher {
  readonly counts: DeliveryCounts = { records: 0, bytes: 0, undeliverable: 0 };
  readonly #parts: FlusherFileParts;
  readonly #messages: MessageRowsMaker;
  #open: Filled | undefined;
  readonly #filled: Filled[] = [];
  #isWriting = false;
  #wantsOut = false;
  #waiting: (() => void)[] = [];

  constructor(parts: FlusherFileParts) {
    this.#parts = parts;
    this.#messages = new MessageRowsMaker(parts.kernel, parts.form);
  }

  async deliver(batch: Batch, ticket: Ticket): Promise<void> {
    this.#wantsOut = false;
    for (const portion of this.#messages.rowsOf(batch, (message) => this.#refuse(message, batch))) {
      await this.#render(portion, ticket);
    }
  }

  idle(): void {
    this.#wantsOut = this.#open !== undefined;
    if (!this.#isWriting) this.#send();
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#send();
    const drained = new AbortController();
    await Promise.race([this.#drained(), this.#parts.env.sleep(deadlineMs, drained.signal)]);
    drained.abort();
    this.#parts.target.close();
  }

  async #render({ template, rowFrom, rowTo }: MessageRows, ticket: Ticket): Promise<void> {
    const { kernel, env } = this.#parts;
    for (let row = rowFrom; row < rowTo;) {
      this.#open ??= { slot: await kernel.takeSlot(env.now), tickets: [] };
      const next = kernel.renderLines(template, row, rowTo, this.#open.slot);
      if (next > row) {
        ticket.hold();
        this.#open.tickets.push(ticket);
      }
      if (next < rowTo) this.#send();
      row = next;
    }
  }

  #refuse(message: string | Uint8Array, { source, offsetStart, offsetEnd }: Batch): void {
    this.counts.undeliverable++;
    const reason = `it is longer than ${this.#parts.kernel.textBytesMax} bytes`;
    const bytes = typeof message === "string" ? new TextEncoder().encode(message) : message;
    const origin = { source: source.key, offsetStart, offsetEnd };
    this.#parts.deadLetters.add(this.#parts.path, reason, [{ message: bytes, origin }]);
  }

  #send(): void {
    if (this.#open === undefined) return;
    this.#filled.push(this.#open);
    this.#open = undefined;
    this.#wantsOut = false;
    if (!this.#isWriting) void this.#writeFilled();
  }

  async #writeFilled(): Promise<void> {
    this.#isWriting = true;
    for (let filled = this.#filled.shift(); filled !== undefined; filled = this.#filled.shift()) {
      await this.#write(filled);
      if (this.#wantsOut && this.#filled.length === 0) this.#send();
    }
    this.#isWriting = false;
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** What the target gives up keeps its tickets held: its records are read again after the next start. */
  async #write({ slot, tickets }: Filled): Promise<void> {
    const lines = slot.records;
    const isWritten = await this.#parts.target.write(lines);
    if (isWritten) {
      this.counts.records += slot.recordCount;
      this.counts.bytes += lines.length;
    }
    slot.release();
    if (isWritten) { for (const ticket of tickets) ticket.release(); }
  }

  async #drained(): Promise<void> {
    while (this.#isWriting) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
