/**
 * One pipeline: chunk from the tailer → decode → ticket → deliver, in one loop that waits only where delivery has no room. Owns its
 * kernel, tailer and ledger; knows nothing of discovery and configuration.
 *
 * @module
 */
import { invariant } from "./core/assert.ts";
import type { Batch, DecodeCounts, Decoder } from "./core/batch.ts";
import type { Env } from "./core/env.ts";
import type { Flusher } from "./core/flusher.ts";
import type { Log } from "./core/log.ts";
import type { Position } from "./core/position.ts";
import type { Source } from "./core/source.ts";
import { Ledger } from "./checkpoint/ledger.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { TailedSource } from "./tail/tailed_source.ts";
import { type Reading, Tailer } from "./tail/tailer.ts";

/** Bytes of one turn of one source. */
const READ_BYTES = 256 * 1024;
const NEWLINE = 0x0a;
/** How long the loop runs before timers and sockets have their turn. */
const BREATH_MS = 10;

/** Makes a source's decoder in a pipeline's kernel. */
export type MakeDecoder = (kernel: Kernel, counts: DecodeCounts) => Decoder;

/** How a pipeline reads one source. */
export interface SourcePlan {
  readonly source: Source;
  readonly start: number | "first";
  readonly position: Position | undefined;
  readonly makeDecoder: MakeDecoder;
}

/** The data flow from sources to flushers. */
export class Pipeline {
  readonly name: string;
  readonly ledger = new Ledger();
  readonly counts: DecodeCounts = { malformed: 0, split: 0, filtered: 0 };
  readonly flushers: readonly Flusher[];
  readonly #kernel: Kernel;
  readonly #tailer: Tailer;
  readonly #decoders = new Map<string, Decoder>();
  readonly #ended = new Set<string>();
  readonly #env: Env;
  readonly #log: Log;
  #breathedAtMs = 0;

  constructor(name: string, kernel: Kernel, flushers: readonly Flusher[], env: Env, log: Log) {
    this.name = name;
    this.flushers = flushers;
    this.#kernel = kernel;
    this.#tailer = new Tailer(env);
    this.#env = env;
    this.#log = log;
  }

  /** Number of sources that are being read. */
  get sourceCount(): number {
    return this.#tailer.size;
  }

  /** Begins to read a source that is not being read yet. */
  add(plan: SourcePlan): void {
    const { key } = plan.source;
    invariant(!this.has(key), `source ${key} was added twice`);
    if (plan.position !== undefined) this.ledger.restore(key, plan.position);
    this.#ended.delete(key);
    this.#decoders.set(key, plan.makeDecoder(this.#kernel, this.counts));
    this.#tailer.add(new TailedSource(plan.source, plan.position, plan.start, this.#env, this.#log));
  }

  /** Whether a source is being read. */
  has(key: string): boolean {
    return this.#tailer.tryGet(key) !== undefined;
  }

  /** A container is gone for good: what is left of its sources is read, then they are forgotten. */
  finishContainer(containerId: string): void {
    for (const key of this.#tailer.keysOfContainer(containerId)) this.#tailer.finish(key);
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const reading = this.#tailer.tryNext(this.#kernel.chunk.subarray(0, READ_BYTES));
      if (reading !== undefined) await this.#take(reading);
      else {
        for (const flusher of this.flushers) flusher.idle();
        await this.#tailer.wait(signal);
      }
      await this.#breathe();
    }
  }

  /** Delivers what is in flight for at most `deadlineMs`; call after `run` has ended or hangs in a delivery. */
  async stop(deadlineMs: number): Promise<void> {
    await Promise.all(this.flushers.map((flusher) => flusher.stop(deadlineMs)));
    this.#tailer.close();
  }

  /** Drops the positions of sources that have ended and are delivered. */
  forgetEnded(): void {
    for (const key of this.#ended) {
      if (this.ledger.isPending(key)) continue;
      this.ledger.forget(key);
      this.#ended.delete(key);
    }
  }

  async #take({ tailed, result }: Reading): Promise<void> {
    const { key } = tailed.source;
    const decoder = this.#decoders.get(key)!;
    if (result === "next file") return decoder.nextFile();
    if (result === "ended") return await this.#end(tailed, decoder);
    if (result.isLast) return await this.#takeLast(tailed, decoder);
    let size = result.size;
    let batch = decoder.decode({ offset: tailed.offset, size });
    if (isStuck(batch) && size === READ_BYTES) {
      // A line is longer than a turn: read as much as the kernel takes.
      size = tailed.readRest(this.#kernel.chunk);
      batch = decoder.decode({ offset: tailed.offset, size });
    }
    if (isStuck(batch)) return this.#tailer.postpone(tailed, size);
    tailed.advance(batch.offsetEnd);
    await this.#deliver(tailed, batch);
  }

  /** A line whose end will never come is taken as it is. */
  async #takeLast(tailed: TailedSource, decoder: Decoder): Promise<void> {
    const { chunk } = this.#kernel;
    const size = tailed.readRest(chunk.subarray(0, chunk.length - 1));
    chunk[size] = NEWLINE;
    const batch = decoder.decode({ offset: tailed.offset, size: size + 1 });
    const offsetEnd = Math.min(batch.offsetEnd, tailed.offset + size);
    tailed.advance(offsetEnd);
    await this.#deliver(tailed, { ...batch, offsetEnd, offsetSafe: Math.min(batch.offsetSafe, offsetEnd) });
  }

  async #end(tailed: TailedSource, decoder: Decoder): Promise<void> {
    const { key } = tailed.source;
    const batch = decoder.flush(tailed.offset);
    if (batch !== undefined) await this.#deliver(tailed, batch);
    this.#tailer.remove(key);
    this.#decoders.delete(key);
    this.#ended.add(key);
  }

  async #deliver(tailed: TailedSource, batch: Batch): Promise<void> {
    const position = tailed.positionAt(batch.offsetSafe);
    invariant(position !== undefined, "records came from a file that was never opened");
    const ticket = this.ledger.issue(tailed.source.key, position);
    if (batch.rows > 0) { for (const flusher of this.flushers) await flusher.deliver(batch, ticket); }
    ticket.release();
  }

  async #breathe(): Promise<void> {
    if (this.#env.now() - this.#breathedAtMs < BREATH_MS) return;
    await this.#env.breathe();
    this.#breathedAtMs = this.#env.now();
  }
}

/** Whether no complete line was in the chunk. */
function isStuck(batch: Batch): boolean {
  return batch.rows === 0 && batch.offsetEnd === batch.offsetStart;
}
