/**
 * The flusher `flusher_stdout`: records as lines on standard output, in the agent's own log or in a file, for trying out and for the
 * demo. Keeps nothing back: a record counts as delivered when it is written, and each batch is written before the next is taken.
 *
 * @module
 */
import type { Batch } from "../core/batch.ts";
import type { Env } from "../core/env.ts";
import type { DeliveryCounts, Flusher } from "../core/flusher.ts";
import type { Ticket } from "../core/ticket.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { DeadLetters } from "./dead_letters.ts";
import { type LineTarget, standardOutput } from "./line_target.ts";
import type { MessageForm } from "./message_form.ts";
import { type MessageRows, MessageRowsMaker } from "./message_rows.ts";
import { tagLine } from "./tag_line.ts";

/** What a flusher does otherwise than by default. */
export interface FlusherStdoutParts {
  /** By default standard output. */
  readonly target?: LineTarget;
  /** Whether a line before the records of each batch tells of their tags. */
  readonly hasTagLines?: boolean;
  /** Takes messages that are too long; undefined: they are counted only. */
  readonly deadLetters?: DeadLetters;
}

/** Writes lines. */
export class FlusherStdout implements Flusher {
  readonly counts: DeliveryCounts = { records: 0, bytes: 0, undeliverable: 0 };
  readonly #kernel: Kernel;
  readonly #messages: MessageRowsMaker;
  readonly #env: Env;
  readonly #target: LineTarget;
  readonly #hasTagLines: boolean;
  readonly #deadLetters: DeadLetters | undefined;
  #delivering: Promise<boolean> = Promise.resolve(true);

  constructor(kernel: Kernel, form: MessageForm, env: Env, parts: FlusherStdoutParts = {}) {
    this.#kernel = kernel;
    this.#messages = new MessageRowsMaker(kernel, form);
    this.#env = env;
    this.#target = parts.target ?? standardOutput(env);
    this.#hasTagLines = parts.hasTagLines ?? false;
    this.#deadLetters = parts.deadLetters;
  }

  /** What the target gives up keeps its ticket held: its records are read again after the next start. */
  async deliver(batch: Batch, ticket: Ticket): Promise<void> {
    ticket.hold();
    this.#delivering = this.#write(batch);
    if (await this.#delivering) ticket.release();
  }

  idle(): void {}

  async stop(deadlineMs: number): Promise<void> {
    const delivered = new AbortController();
    // Whoever asked for the delivery has been told of its failure.
    const ended = this.#delivering.catch(() => false);
    await Promise.race([ended, this.#env.sleep(deadlineMs, delivered.signal)]);
    delivered.abort();
    this.#target.close();
  }

  async #write(batch: Batch): Promise<boolean> {
    if (this.#hasTagLines && !await this.#target.write(new TextEncoder().encode(tagLine(batch)))) return false;
    for (const portion of this.#messages.rowsOf(batch, (message) => this.#refuse(message, batch))) {
      if (!await this.#writeRows(portion)) return false;
    }
    return true;
  }

  #refuse(message: string | Uint8Array, { source, offsetStart, offsetEnd }: Batch): void {
    this.counts.undeliverable++;
    const bytes = typeof message === "string" ? new TextEncoder().encode(message) : message;
    const reason = `it is longer than ${this.#kernel.textBytesMax} bytes`;
    const origin = { source: source.key, offsetStart, offsetEnd };
    this.#deadLetters?.add("flusher_stdout", reason, [{ message: bytes, origin }]);
  }

  async #writeRows({ template, rowFrom, rowTo }: MessageRows): Promise<boolean> {
    for (let row = rowFrom; row < rowTo;) {
      const slot = await this.#kernel.takeSlot(this.#env.now);
      const next = this.#kernel.renderLines(template, row, rowTo, slot);
      const bytes = slot.records.length;
      const isWritten = await this.#target.write(slot.records);
      slot.release();
      if (!isWritten) return false;
      this.counts.records += next - row;
      this.counts.bytes += bytes;
      row = next;
    }
    return true;
  }
}
