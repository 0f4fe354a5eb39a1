/**
 * Decodes the lines of one source: the kernel does the work per line, this is what it needs per chunk. Which kind of lines, and the
 * fields that come of them, are told from outside (`container_log.ts`, `plain_lines.ts`).
 *
 * @module
 */
import type { Batch, Chunk, DecodeCounts, Decoder, Field } from "../core/batch.ts";
import type { MultilineRules } from "../core/multiline_options.ts";
import type { FileIdentity, PendingRecord } from "../core/position.ts";
import type { Source } from "../core/source.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { StateWord } from "../kernel/kernel_state.ts";
import { multilineWords } from "./multiline_words.ts";
import { PendingRecords } from "./pending.ts";

const NOTHING_PENDING: readonly PendingRecord[] = [];

/** What determines how a source is decoded. */
export interface LineFormat {
  /** Has the kernel decode the first `size` bytes of its chunk. Returns the number of rows. */
  readonly decode: (kernel: Kernel, size: number) => number;
  /** The fields of every record, in order, while the file `identity` is read. */
  readonly fields: (identity: FileIdentity | undefined) => readonly Field[];
  /** How lines make records; undefined: every line is one. */
  readonly multiline: MultilineRules | undefined;
  /** Whether a record that was put together has the time of its first line, rather than that of its last. */
  readonly timeOfFirst: boolean;
  /** Whether the offset column is written. */
  readonly hasOffset: boolean;
}

/** What decoders are made with, beside the format. */
export interface DecoderContext {
  readonly kernel: Kernel;
  readonly source: Source;
  /** Is added to. */
  readonly counts: DecodeCounts;
  /** Gives the time of records that have none of their own. */
  readonly nowSeconds: () => number;
  /** Is called where lines were not of the expected form. */
  readonly onMalformed?: () => void;
}

/** Decoder of one source of lines. */
export class LineDecoder implements Decoder {
  readonly #context: DecoderContext;
  readonly #format: LineFormat;
  readonly #words: ReadonlyMap<StateWord, number>;
  readonly #pending: PendingRecords;
  /** Made when they are wanted: what others have made for these very fields, such as templates, lives as long as they do. */
  #fields: readonly Field[] | undefined;
  /** The same where the content is JSON text. */
  #jsonTextFields: readonly Field[] | undefined;
  #identity: FileIdentity | undefined;

  constructor(format: LineFormat, context: DecoderContext) {
    this.#context = context;
    this.#format = format;
    this.#words = multilineWords(format.multiline, format.timeOfFirst, context.kernel);
    this.#pending = new PendingRecords(context.kernel);
  }

  decode({ offset, size }: Chunk): Batch {
    if (this.#pending.isFar(offset)) return this.#flush(offset, false);
    const { kernel } = this.#context;
    this.#prepare(offset);
    const rows = this.#format.decode(kernel, size);
    this.#pending.store(offset);
    this.#count();
    return this.#batch(rows, offset, offset + kernel.get("consumed"), offset + kernel.get("consumedSafe"));
  }

  flush(offset: number, why: "ended" | "idle"): Batch | undefined {
    return this.#pending.isEmpty ? undefined : this.#flush(offset, why === "idle");
  }

  beginFile(identity: FileIdentity): void {
    this.#pending.beginFile();
    this.rest();
    this.#identity = identity;
  }

  rest(): void {
    this.#fields = undefined;
    this.#jsonTextFields = undefined;
  }

  /** Where every line is a record, what is pending is one line, which is not complete: the kernel does not say so. */
  pending(): readonly PendingRecord[] {
    if (this.#pending.isEmpty) return NOTHING_PENDING;
    const records = this.#pending.all();
    return this.#format.multiline === undefined ? records.map((record) => ({ ...record, line: 0 })) : records;
  }

  restore(records: readonly PendingRecord[]): void {
    const isLine = this.#format.multiline === undefined;
    this.#pending.restore(isLine ? records.map((record) => ({ ...record, line: -1 })) : records);
  }

  #flush(offset: number, idle: boolean): Batch {
    this.#prepare(offset);
    const rows = this.#context.kernel.flushPending(idle);
    this.#pending.store(offset);
    this.#count();
    return this.#batch(rows, offset, offset, offset + this.#context.kernel.get("consumedSafe"));
  }

  #batch(rows: number, offsetStart: number, offsetEnd: number, offsetSafe: number): Batch {
    const fields = this.#context.kernel.get("isJsonText") === 0 ? this.#textFields() : this.#jsonFields();
    return { source: this.#context.source, rows, fields, offsetStart, offsetEnd, offsetSafe };
  }

  #textFields(): readonly Field[] {
    return this.#fields ??= this.#format.fields(this.#identity);
  }

  #jsonFields(): readonly Field[] {
    return this.#jsonTextFields ??= this.#textFields().map((field) => {
      return "column" in field && field.escape ? { ...field, escape: false, isJsonText: true } : field;
    });
  }

  #prepare(offset: number): void {
    const { kernel, nowSeconds } = this.#context;
    for (const [word, value] of this.#words) kernel.set(word, value);
    kernel.set("nowSeconds", nowSeconds());
    kernel.set("chunkOffsetLow", offset | 0);
    kernel.set("chunkOffsetHigh", this.#format.hasOffset ? Math.floor(offset / 2 ** 32) : -1);
    this.#pending.load(offset);
  }

  #count(): void {
    const { counts, kernel, onMalformed } = this.#context;
    if (kernel.get("linesMalformed") > 0) onMalformed?.();
    counts.malformed += this.#take("linesMalformed");
    counts.split += this.#take("linesSplit");
    counts.filtered += this.#take("linesFiltered");
    counts.discarded += this.#take("linesDiscarded");
  }

  #take(word: "linesMalformed" | "linesSplit" | "linesFiltered" | "linesDiscarded"): number {
    const value = this.#context.kernel.get(word);
    this.#context.kernel.set(word, 0);
    return value;
  }
}
