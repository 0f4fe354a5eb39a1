/**
 * Decodes the log files that container runtimes write for the CRI. The kernel does the work per line; this is what it needs per
 * chunk: the partial records of each stream, which live here between chunks because many sources share one kernel.
 *
 * @module
 */
import type { Batch, Chunk, DecodeCounts, Decoder, Field } from "../core/batch.ts";
import type { Source } from "../core/source.ts";
import type { Kernel } from "../kernel/kernel.ts";

/** Which streams a pipeline wants. */
export interface StreamChoice {
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** The pieces of a record whose end has not come yet. */
interface Pending {
  readonly content: Uint8Array;
  readonly time: Uint8Array;
  readonly seconds: number;
  /** Where in the file the first piece's line begins. */
  readonly offsetSafe: number;
}

const STREAMS = ["Stdout", "Stderr"] as const;
type StreamWord = typeof STREAMS[number];

/** A partial record that waits while this much of the other stream goes by is handed out: its place no longer fits 32 bits. */
const PENDING_DISTANCE_MAX = 2 ** 30;

/** Decoder of one source of container log lines. */
export class CriDecoder implements Decoder {
  readonly #kernel: Kernel;
  readonly #source: Source;
  readonly #wanted: number;
  readonly #counts: DecodeCounts;
  readonly #nowSeconds: () => number;
  readonly #fields: readonly Field[];
  readonly #pending = new Map<StreamWord, Pending>();

  /** @param nowSeconds gives the time of records that have none of their own; @param counts is added to. */
  constructor(kernel: Kernel, source: Source, streams: StreamChoice, counts: DecodeCounts, nowSeconds: () => number) {
    this.#kernel = kernel;
    this.#source = source;
    this.#wanted = (streams.stdout ? 1 : 0) | (streams.stderr ? 2 : 0);
    this.#counts = counts;
    this.#nowSeconds = nowSeconds;
    this.#fields = criFields(source);
  }

  decode(chunk: Chunk): Batch {
    if (this.#pendingIsFar(chunk.offset)) return this.#flush(chunk.offset);
    this.#load(chunk.offset);
    const rows = this.#kernel.decodeCri(chunk.size, this.#wanted);
    this.#store(chunk.offset);
    this.#count();
    const offsetEnd = chunk.offset + this.#kernel.get("consumed");
    const offsetSafe = chunk.offset + this.#kernel.get("consumedSafe");
    return { source: this.#source, rows, fields: this.#fields, offsetStart: chunk.offset, offsetEnd, offsetSafe };
  }

  flush(offset: number): Batch | undefined {
    return this.#pending.size > 0 ? this.#flush(offset) : undefined;
  }

  nextFile(): void {
    // The pieces belong to a file that is done: in the next one their place is its beginning.
    for (const [stream, pending] of this.#pending) this.#pending.set(stream, { ...pending, offsetSafe: 0 });
  }

  #flush(offset: number): Batch {
    this.#load(offset);
    const rows = this.#kernel.flushCri();
    this.#pending.clear();
    this.#count();
    return {
      source: this.#source,
      rows,
      fields: this.#fields,
      offsetStart: offset,
      offsetEnd: offset,
      offsetSafe: offset,
    };
  }

  #pendingIsFar(offset: number): boolean {
    return [...this.#pending.values()].some((pending) => offset - pending.offsetSafe > PENDING_DISTANCE_MAX);
  }

  #load(offset: number): void {
    this.#kernel.set("nowSeconds", this.#nowSeconds());
    for (const stream of STREAMS) this.#loadStream(stream, offset);
  }

  #loadStream(stream: StreamWord, offset: number): void {
    const pending = this.#pending.get(stream);
    this.#kernel.set(`pending${stream}`, pending?.content.length ?? 0);
    if (pending === undefined) return;
    const view = this.#kernel.pendingView(stream);
    view.content.set(pending.content);
    view.time.set(pending.time);
    this.#kernel.set(`pendingTime${stream}`, pending.time.length);
    this.#kernel.set(`pendingSeconds${stream}`, pending.seconds);
    this.#kernel.set(`pendingSafe${stream}`, pending.offsetSafe - offset);
  }

  #store(offset: number): void {
    for (const stream of STREAMS) this.#storeStream(stream, offset);
  }

  #storeStream(stream: StreamWord, offset: number): void {
    const size = this.#kernel.get(`pending${stream}`);
    if (size === 0) return void this.#pending.delete(stream);
    const view = this.#kernel.pendingView(stream);
    this.#pending.set(stream, {
      content: view.content.slice(0, size),
      time: view.time.slice(0, this.#kernel.get(`pendingTime${stream}`)),
      seconds: this.#kernel.get(`pendingSeconds${stream}`),
      offsetSafe: offset + this.#kernel.get(`pendingSafe${stream}`),
    });
  }

  #count(): void {
    this.#counts.malformed += this.#take("linesMalformed");
    this.#counts.split += this.#take("linesSplit");
    this.#counts.filtered += this.#take("linesFiltered");
  }

  #take(word: "linesMalformed" | "linesSplit" | "linesFiltered"): number {
    const value = this.#kernel.get(word);
    this.#kernel.set(word, 0);
    return value;
  }
}

/** The fields of a container log record: content, time and stream from the line, then the source's tags. */
function criFields(source: Source): readonly Field[] {
  const columns: Field[] = [
    { name: "content", column: 0, escape: true },
    { name: "_time_", column: 1, escape: false },
    { name: "_source_", column: 2, escape: false },
  ];
  return [...columns, ...source.tags.map(([name, text]) => ({ name, text }))];
}
