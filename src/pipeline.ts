/**
 * One pipeline: chunk from the tailer → decode → process → ticket → deliver, in one loop that waits only where delivery has no room, and
 * makes no promise where it does not. Owns its kernel, tailer and ledger; knows nothing of discovery and configuration.
 *
 * @module
 */
import { invariant } from "./core/assert.ts";
import { type Batch, type DecodeCounts, isStuck } from "./core/batch.ts";
import type { Env, OpenFile } from "./core/env.ts";
import type { Flusher, PositionKeeper } from "./core/flusher.ts";
import type { Position } from "./core/position.ts";
import type { Processor } from "./core/processor.ts";
import type { Source } from "./core/source.ts";
import { Ledger } from "./checkpoint/ledger.ts";
import { HandingOver } from "./handing_over.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { keyOfLeft } from "./left_files.ts";
import type { PipelineOptions, SourcePlan } from "./pipeline_options.ts";
import { processBatch } from "./process_batch.ts";
import { placeToGoOn, SourceReader } from "./source_reader.ts";
import { HeldFiles } from "./tail/held_files.ts";
import { isSameFile } from "./tail/identity.ts";
import { TailedSource } from "./tail/tailed_source.ts";
import { type Reading, Tailer } from "./tail/tailer.ts";
import { UnreadSources } from "./tail/unread_sources.ts";

export type { LeftFile, MakeDecoder, PipelineOptions, SourcePlan } from "./pipeline_options.ts";

/** Bytes of one turn of one source, a millisecond at most: half as many take a tenth more, twice as many leave the processor's cache. */
export const READ_BYTES = 512 * 1024;
const NEWLINE = 0x0a;
/** How long the loop runs before timers and sockets have their turn. */
const BREATH_MS = 10;

/** The data flow from sources to flushers. */
export class Pipeline {
  readonly name: string;
  readonly ledger = new Ledger();
  readonly counts: DecodeCounts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
  readonly flushers: readonly Flusher[];
  readonly processors: readonly Processor[];
  readonly positionKeeper: PositionKeeper | undefined;
  readonly #options: PipelineOptions;
  readonly #kernel: Kernel;
  /** Where a turn is read to. */
  readonly #turnBytes: Uint8Array;
  readonly #env: Env;
  readonly #tailer: Tailer;
  readonly #handingOver: HandingOver;
  readonly #held = new HeldFiles();
  /** What is not read yet, to be looked after also while `run` waits for a delivery. */
  readonly unread: UnreadSources;
  readonly #readers = new Map<string, SourceReader>();
  readonly #ended = new Set<string>();
  /** When sources that have no future are let go of at the latest. */
  readonly #releaseDueMs = new Map<string, number>();
  #breathedAtMs = 0;

  constructor(options: PipelineOptions) {
    this.name = options.name;
    this.flushers = options.flushers;
    this.processors = options.processors;
    this.positionKeeper = options.flushers.find(({ positions }) => positions !== undefined)?.positions;
    this.#options = options;
    this.#kernel = options.kernel;
    this.#turnBytes = options.kernel.chunk.subarray(0, READ_BYTES);
    this.#env = options.env;
    this.#tailer = new Tailer(options.env, (key) => this.#readers.get(key)?.decoder.rest?.());
    this.#handingOver = new HandingOver(options.flushers, this.positionKeeper, options.env);
    this.unread = new UnreadSources(this.#tailer, this.#held, () => this.#handingOver.isBlocked);
  }

  /** Number of sources that are being read. */
  get sourceCount(): number {
    return this.#tailer.size;
  }

  /** Begins to read a source that is not being read yet. */
  add({ source, position: before, makeDecoder, idleFlush, lag, namesMove }: SourcePlan): void {
    const { key } = source;
    invariant(!this.has(key), `source ${key} was added twice`);
    const position = before && placeToGoOn(before, this.#kernel.limits.lineBytesMax);
    if (position !== undefined) {
      this.ledger.restore(key, position);
      this.#held.take(key, position.identity);
    }
    this.#ended.delete(key);
    const takesIncomplete = idleFlush?.incompleteLines ?? false;
    const isExact = this.positionKeeper !== undefined;
    const decoder = makeDecoder(this.#kernel, this.counts);
    this.#readers.set(key, new SourceReader(decoder, takesIncomplete, position, isExact));
    const { env, log } = this.#options;
    const tryKnown = namesMove ? (file: OpenFile) => this.#tryKnown(file) : undefined;
    this.#tailer.add(new TailedSource(source, { position, idleFlush, lag, tryKnown }, env, log));
  }

  /** Whether a source is being read. */
  has(key: string): boolean {
    return this.#tailer.tryGet(key) !== undefined;
  }

  /**
   * Whether a source has this file in hand, under whatever name: it reads it, will go on in it, or has read it and not everything is
   * delivered. Cheap.
   */
  isReading(device: number, inode: number): boolean {
    return this.#held.has({ device, inode });
  }

  /**
   * A source has no future: what is left of it is read, then it is forgotten. Does nothing where it is not being read.
   *
   * @param releaseAfterMs what is not read by then stays unread: the file is closed, and the position stays where it is settled.
   */
  finish(key: string, releaseAfterMs?: number): void {
    if (!this.has(key)) return;
    if (releaseAfterMs !== undefined && !this.#releaseDueMs.has(key)) {
      this.#releaseDueMs.set(key, this.#env.now() + releaseAfterMs);
    }
    this.#tailer.finish(key);
  }

  /** A container is gone for good: its sources are finished, or those that are `meant`. */
  finishContainer(
    containerId: string,
    releaseAfterMs?: number,
    isMeant: (source: Source) => boolean = () => true,
  ): void {
    for (const key of this.#tailer.keysOfContainer(containerId)) {
      if (isMeant(this.#tailer.tryGet(key)!.source)) this.finish(key, releaseAfterMs);
    }
  }

  /** A source that was finished has a future again. Does nothing where it is not being read, any more or at all. */
  revive(key: string): void {
    this.#releaseDueMs.delete(key);
    this.#tailer.revive(key);
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const reading = this.#tailer.tryNext(this.#turnBytes);
      if (reading === undefined) {
        for (const flusher of this.flushers) flusher.idle();
        await this.#tailer.wait(signal);
      } else {
        const taking = this.#take(reading);
        if (taking !== undefined) await taking;
      }
      if (this.#env.now() - this.#breathedAtMs >= BREATH_MS) await this.#breathe(signal);
    }
  }

  /** Delivers what is in flight for at most `deadlineMs`; call after `run` has ended or hangs in a delivery. */
  async stop(deadlineMs: number): Promise<void> {
    await Promise.all(this.flushers.map((flusher) => flusher.stop(deadlineMs)));
    this.#tailer.close();
  }

  /**
   * Hands out the positions of sources that are no longer read and are delivered, and forgets them; lets go of sources whose time is
   * over. To be called every now and then, also while `run` waits for a delivery.
   */
  takeEnded(): ReadonlyMap<string, Position> {
    this.#releaseOverdue();
    const ended = new Map<string, Position>();
    for (const key of this.#ended) {
      if (this.ledger.isPending(key)) continue;
      const position = this.ledger.position(key);
      if (position !== undefined) ended.set(key, position);
      this.ledger.forget(key);
      this.#ended.delete(key);
    }
    return ended;
  }

  /** See `TailOptions.tryKnown`. */
  #tryKnown(file: OpenFile): "held" | number | undefined {
    const stat = file.stat();
    if (this.#held.has(stat)) return "held";
    const left = this.#options.tryLeft?.(stat);
    return left !== undefined && isSameFile(left.identity, file) ? left.offset : undefined;
  }

  #releaseOverdue(): void {
    if (this.#releaseDueMs.size === 0) return;
    const now = this.#env.now();
    for (const [key, dueMs] of this.#releaseDueMs) {
      if (now < dueMs) continue;
      this.#releaseDueMs.delete(key);
      this.#tailer.release(key);
    }
  }

  /** @returns undefined where nothing had to be waited for. */
  #take({ tailed, result }: Reading): Promise<void> | undefined {
    const reader = this.#readers.get(tailed.source.key)!;
    if (result.kind !== "opened") reader.beginBytes();
    switch (result.kind) {
      case "bytes":
        return result.isLast ? this.#takeLast(tailed, reader) : this.#takeBytes(tailed, reader, result.size);
      case "opened":
        this.#held.take(tailed.source.key, result.identity);
        return void reader.beginFile(result.identity, tailed.offset);
      case "left":
        this.#leave(tailed, result.position);
        return void this.#held.take(tailed.source.key, result.next);
      case "skipped":
        return this.#flush(tailed, reader, result.offset, "ended");
      case "idle":
        return this.#takeIdle(tailed, reader);
      case "ended":
        return this.#end(tailed, reader);
      case "released":
        return void this.#remove(tailed);
    }
  }

  #takeBytes(tailed: TailedSource, reader: SourceReader, readSize: number): Promise<void> | undefined {
    const { decoder } = reader;
    let size = readSize;
    let batch = decoder.decode({ offset: tailed.offset, size });
    if (isStuck(batch) && size === READ_BYTES) {
      // A line is longer than a turn: read as much as the kernel takes.
      size = tailed.readRest(this.#kernel.chunk);
      batch = decoder.decode({ offset: tailed.offset, size });
    }
    if (isStuck(batch)) return void this.#tailer.postpone(tailed, size);
    tailed.advance(batch.offsetEnd);
    return this.#deliver(tailed, reader, batch);
  }

  /** A line whose end will not come, or not soon, is taken as it is. */
  async #takeLast(tailed: TailedSource, reader: SourceReader): Promise<void> {
    const { chunk } = this.#kernel;
    const size = tailed.readRest(chunk.subarray(0, chunk.length - 1));
    if (size === 0) return;
    chunk[size] = NEWLINE;
    const batch = reader.decoder.decode({ offset: tailed.offset, size: size + 1 });
    const offsetEnd = Math.min(batch.offsetEnd, tailed.offset + size);
    tailed.advance(offsetEnd, batch.offsetEnd > offsetEnd);
    await this.#deliver(tailed, reader, { ...batch, offsetEnd, offsetSafe: Math.min(batch.offsetSafe, offsetEnd) });
  }

  async #takeIdle(tailed: TailedSource, reader: SourceReader): Promise<void> {
    if (reader.takesIncomplete && tailed.incompleteSize > 0) await this.#takeLast(tailed, reader);
    await this.#flush(tailed, reader, tailed.offset, "idle");
  }

  async #end(tailed: TailedSource, reader: SourceReader): Promise<void> {
    await this.#flush(tailed, reader, tailed.offset, "ended");
    const position = tailed.positionAt(tailed.offset);
    // Whoever was told meanwhile that it has a future finds out that it has ended, and adds it again.
    this.#remove(tailed);
    if (position !== undefined) this.#leave(tailed, position);
  }

  #remove(tailed: TailedSource): void {
    const { key } = tailed.source;
    this.#tailer.remove(key);
    this.#readers.delete(key);
    this.#releaseDueMs.delete(key);
    this.#held.drop(key);
    this.#ended.add(key);
    this.ledger.whenSettled(key, this.#held.leave(key));
  }

  #leave({ source: { key, container }, namesMove }: TailedSource, { identity, offset }: Position): void {
    const letGo = this.#held.leave(key);
    if (namesMove) this.positionKeeper?.note(keyOfLeft(identity), { identity, offset });
    this.ledger.whenSettled(key, () => {
      letGo();
      if (namesMove) this.#options.onLeft?.({ key, containerId: container?.id ?? "", identity, offset });
    });
  }

  async #flush(tailed: TailedSource, reader: SourceReader, offset: number, why: "ended" | "idle"): Promise<void> {
    const batch = reader.decoder.flush(offset, why);
    if (batch !== undefined) await this.#deliver(tailed, reader, batch);
  }

  #deliver(tailed: TailedSource, reader: SourceReader, decoded: Batch): Promise<void> | undefined {
    const { key } = tailed.source;
    // Before its first records are acknowledged, a restart must find where they are. An empty file is no place: it could be any other.
    if (this.ledger.position(key) === undefined) this.ledger.begin(key, tailed.positionAt(decoded.offsetStart)!);
    const ticket = this.ledger.issue(key, reader.positionAfter(tailed, decoded));
    const batch = processBatch(decoded, this.processors, this.#options.textOf);
    return this.#handingOver.deliver(batch, ticket);
  }

  async #breathe(signal: AbortSignal): Promise<void> {
    await this.#env.breathe();
    await this.#options.pace?.turn(signal);
    this.#breathedAtMs = this.#env.now();
  }
}
