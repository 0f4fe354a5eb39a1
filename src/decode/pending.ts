/**
 * What a source's decoder keeps between two chunks: the beginnings of records whose rest has not come, one for each stream. They live here
 * and not in the kernel, because many sources share one.
 *
 * @module
 */
import { IN_EARLIER_FILE } from "../core/batch.ts";
import type { PendingRecord } from "../core/position.ts";
import type { Kernel } from "../kernel/kernel.ts";

type StreamWord = PendingRecord["stream"];
const STREAMS: readonly StreamWord[] = ["Stdout", "Stderr"];

/** What waits while this much goes by is handed out: its place no longer fits 32 bits. */
const DISTANCE_MAX = 2 ** 30;

/** The pending records of one source. */
export class PendingRecords {
  readonly #kernel: Kernel;
  /** Made with the first one: most sources never have any. */
  #pending: Map<StreamWord, PendingRecord> | undefined;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  get isEmpty(): boolean {
    return (this.#pending?.size ?? 0) === 0;
  }

  all(): readonly PendingRecord[] {
    return this.#pending === undefined ? [] : [...this.#pending.values()];
  }

  /** Replaces what is pending. */
  restore(records: readonly PendingRecord[]): void {
    this.#pending = undefined;
    for (const record of records) this.#keep(record);
  }

  /** Whether something has waited for so long that it must be handed out before reading goes on at `offset`. */
  isFar(offset: number): boolean {
    return this.all().some((pending) => offset - pending.offsetSafe > DISTANCE_MAX);
  }

  /**
   * The file is done, and another is begun. What has waited through all of a file counts as beginning with the next: a stream that has
   * fallen silent in the middle of a line must not hold the position of the other one back for ever.
   */
  beginFile(): void {
    for (const pending of this.all()) {
      const offset = pending.offsetSafe === IN_EARLIER_FILE ? 0 : IN_EARLIER_FILE;
      this.#keep({ ...pending, offsetSafe: offset, lineOffset: offset });
    }
  }

  /** Gives the kernel what is pending before it decodes the chunk at `offset`. */
  load(offset: number): void {
    for (const stream of STREAMS) this.#load(stream, this.#pending?.get(stream), offset);
  }

  /** Takes from the kernel what is pending after it has decoded the chunk at `offset`. */
  store(offset: number): void {
    for (const stream of STREAMS) this.#store(stream, offset);
  }

  #keep(record: PendingRecord): void {
    this.#pending ??= new Map();
    this.#pending.set(record.stream, record);
  }

  #load(stream: StreamWord, pending: PendingRecord | undefined, offset: number): void {
    this.#kernel.set(`pending${stream}`, pending?.content.length ?? 0);
    this.#kernel.set(`pendingLine${stream}`, pending?.line ?? -1);
    if (pending === undefined) return;
    const view = this.#kernel.pendingView(stream);
    view.content.set(pending.content);
    view.time.set(pending.time);
    this.#kernel.set(`pendingTime${stream}`, pending.time.length);
    this.#kernel.set(`pendingSeconds${stream}`, pending.seconds);
    this.#kernel.set(`pendingSafe${stream}`, pending.offsetSafe - offset);
    this.#kernel.set(`pendingLineSafe${stream}`, pending.lineOffset - offset);
  }

  #store(stream: StreamWord, offset: number): void {
    const size = this.#kernel.get(`pending${stream}`);
    if (size === 0) return void this.#pending?.delete(stream);
    const view = this.#kernel.pendingView(stream);
    this.#keep({
      stream,
      content: view.content.slice(0, size),
      time: view.time.slice(0, this.#kernel.get(`pendingTime${stream}`)),
      seconds: this.#kernel.get(`pendingSeconds${stream}`),
      offsetSafe: offset + this.#kernel.get(`pendingSafe${stream}`),
      line: this.#kernel.get(`pendingLine${stream}`),
      lineOffset: offset + this.#kernel.get(`pendingLineSafe${stream}`),
    });
  }
}
