/**
 * The host's side of the kernel: one instance with its own memory per pipeline, so that a pipeline that waits keeps its batch while
 * others go on. Owns the memory, the chunk that is being read and the slots of what is on its way out. The only module that knows
 * addresses.
 *
 * @module
 */
import { invariant } from "../core/assert.ts";
import { type Envelope, PLAIN_ENVELOPE } from "./envelope.ts";
import { KernelColumns } from "./kernel_columns.ts";
import type { KernelExports } from "./kernel_exports.ts";
import { KERNEL_WASM } from "./kernel_wasm.ts";
import { STATE, type StateWord } from "./kernel_state.ts";
import { type KernelLimits, type Layout, planLayout, TEMPLATES_BYTES } from "./layout.ts";
import { KernelPatterns } from "./patterns.ts";
import { PlacedTemplates } from "./placed_templates.ts";
import { RecordPacker } from "./record_packer.ts";
import { KernelSlot } from "./slot.ts";
import { SlotPool } from "./slot_pool.ts";
import type { Template } from "./template.ts";
import { placeTexts, type RowText } from "./text_rows.ts";

const PAGE_BYTES = 65536;
/** What a batch of one record takes beside its message. */
const SINGLE_RECORD_EXTRA_BYTES = 128;

/** The compiled kernel, shared by all instances. */
export type KernelModule = WebAssembly.Module;

/** Compiles the kernel; once per process. Its bytes are not made in a loop: that would be hot enough to load V8's optimizers, 8 MB. */
export function compileKernel(): KernelModule {
  return new WebAssembly.Module(Uint8Array.fromBase64(KERNEL_WASM));
}

/** One kernel with its memory. Not to be shared between pipelines. */
export class Kernel {
  readonly limits: KernelLimits;
  /** The whole memory. Never detached: it does not grow. */
  readonly memory: Uint8Array;
  /** Where a source's bytes are read to before decoding. */
  readonly chunk: Uint8Array;
  readonly columns: KernelColumns;
  readonly #layout: Layout;
  readonly #exports: KernelExports;
  readonly #state: Int32Array;
  readonly #slots: SlotPool;
  readonly #patterns: KernelPatterns;
  readonly #templates: PlacedTemplates;
  #envelope: Envelope | undefined;

  constructor(module: KernelModule, limits: KernelLimits) {
    this.limits = limits;
    this.#layout = planLayout(limits);
    const pages = Math.ceil(this.#layout.totalBytes / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.memory = new Uint8Array(memory.buffer);
    const { patterns, patternsBytes, templates } = this.#layout;
    this.#templates = new PlacedTemplates(this.memory, templates, TEMPLATES_BYTES, this.#layout);
    this.#patterns = new KernelPatterns(this.memory, patterns, patternsBytes);
    const abort = () => invariant(false, "the kernel aborted");
    // As a bound function it would be compiled by V8's last optimizer, which takes 2 MB where nothing else needs that.
    const matchHost = (index: number, start: number, end: number) => this.#patterns.matches(index, start, end);
    const instance = new WebAssembly.Instance(module, { env: { memory, abort, matchHost } });
    // The interface above is what the kernel's own sources export; the instance's type cannot tell.
    this.#exports = instance.exports as unknown as KernelExports;
    this.chunk = this.memory.subarray(this.#layout.chunk, this.#layout.chunk + this.#layout.chunkBytes);
    this.#state = new Int32Array(memory.buffer, this.#layout.state, Object.keys(STATE).length);
    this.columns = new KernelColumns(memory, this.#layout, this.#patterns, this.#exports);
    this.#initialize();
    const packer = new RecordPacker(this.memory, this.#layout.compressionTable, this.#exports);
    this.#slots = new SlotPool(limits.slots, (index, release) => this.#makeSlot(index, packer, release));
  }

  /** Reads a word of the shared state. */
  get(word: StateWord): number {
    return this.#state[STATE[word]];
  }

  /** Writes a word of the shared state. */
  set(word: StateWord, value: number): void {
    this.#state[STATE[word]] = value;
  }

  /**
   * Decodes container log lines from the first `size` bytes of the chunk; see `assembly/container_log.ts`.
   *
   * @param wanted bit 0 for stdout, bit 1 for stderr, bit 2 to drop lines of no known form, bit 3 where contents may be
   *   JSON text: they are then if the word `isJsonText` is 1.
   * @returns the number of rows.
   */
  decodeContainerLog(size: number, wanted: number): number {
    const { state, chunk, lineRoomBytes } = this.#layout;
    return this.#exports.decodeContainerLog(state, chunk, chunk + size, wanted, lineRoomBytes);
  }

  /** Decodes plain lines from the first `size` bytes of the chunk; see `assembly/lines.ts`. Returns the number of rows. */
  decodeLines(size: number): number {
    const { state, chunk, lineRoomBytes } = this.#layout;
    return this.#exports.decodeLines(state, chunk, chunk + size, lineRoomBytes);
  }

  /** Hands out what is pending as rows, or, while the source is idle, what of it counts as complete. Returns their number. */
  flushPending(idle: boolean): number {
    return this.#exports.flushPending(this.#layout.state, idle);
  }

  /**
   * Prepares a regular expression for the kernel's words `startPattern`, `continuePattern` and `endPattern`. Where it is no automaton of
   * a reasonable size, V8 is asked per line.
   *
   * @param anchored whether it must match at a line's beginning, rather than anywhere in it.
   */
  addPattern(regex: RegExp, anchored: boolean): number {
    return this.#patterns.add(regex, anchored);
  }

  /** The bytes of one column of one row; valid until the next decoding. For tests and slow paths. */
  slice(column: number, row: number): Uint8Array {
    return this.columns.slice(column, row);
  }

  /** Replaces one column of one row by `text`, which is kept until the next decoding. There is room for one number per row. */
  replace(column: number, row: number, text: string): void {
    const start = this.#layout.arena + this.get("arenaUsed");
    const { written } = new TextEncoder().encodeInto(text, this.memory.subarray(start));
    this.set("arenaUsed", this.get("arenaUsed") + written);
    const base = this.#layout.columns;
    this.#setWord(base, column * 2 * this.#layout.rowsRoom + row, start);
    this.#setWord(base, (column * 2 + 1) * this.#layout.rowsRoom + row, start + written);
  }

  /** Makes rows of texts; see `placeTexts`. The rows decoded before are gone. Returns their number; 0: the first text is too long. */
  setTexts(texts: readonly RowText[], from: number, keys?: readonly string[]): number {
    const place = { ...this.#layout, rowsMax: this.limits.rowsMax, messageBytesMax: this.textBytesMax };
    return placeTexts(this.memory, place, texts, from, keys);
  }

  /** The longest text that `setTexts` takes, in bytes: it fits a batch of its own. */
  get textBytesMax(): number {
    return this.limits.batchBytesMax - SINGLE_RECORD_EXTRA_BYTES;
  }

  /** The time of one row in seconds since the epoch. */
  seconds(row: number): number {
    return this.#word(this.#layout.times, row) >>> 0;
  }

  /** The bytes kept of a stream's partial record, and of its time; see `storePending`. */
  pendingView(stream: "Stdout" | "Stderr"): { content: Uint8Array; time: Uint8Array } {
    const join = this.#layout[`join${stream}`];
    return {
      content: this.memory.subarray(join, join + this.#layout.chunkBytes),
      time: this.memory.subarray(join - 64, join),
    };
  }

  /** Takes a slot, opened for records of the time that `nowMs` gives; waits while all are in use. */
  async takeSlot(nowMs: () => number): Promise<KernelSlot> {
    const slot = await this.#slots.take();
    slot.open(nowMs());
    return slot;
  }

  /** Takes a slot as `takeSlot` does; undefined where it would wait. */
  tryTakeSlot(nowMs: () => number): KernelSlot | undefined {
    const slot = this.#slots.tryTake();
    slot?.open(nowMs());
    return slot;
  }

  /** Memory that a slot takes when it is used for the first time, in bytes, at most. */
  get slotBytes(): number {
    return this.#layout.batchRoomBytes + this.#layout.packedRoomBytes;
  }

  /** See `SlotPool`. */
  withhold(slots: number): void {
    this.#slots.withhold(slots);
  }

  /** Number of slots that have been in use so far. */
  get slotsUsed(): number {
    return this.#slots.used;
  }

  /** Whether a slot can be taken at once. */
  get canTakeSlot(): boolean {
    return this.#slots.canTake;
  }

  /** Number of slots that are free. */
  get slotsFree(): number {
    return this.#slots.free;
  }

  /** Renders rows [rowFrom, rowTo) as records into `slot`, as many as fit. Returns the row after the last one rendered. */
  renderRecords(
    template: Template,
    rowFrom: number,
    rowTo: number,
    slot: KernelSlot,
    envelope: Envelope = PLAIN_ENVELOPE,
  ): number {
    const { state } = this.#layout;
    const address = this.#templates.place(template);
    const operations = template.pieces.length;
    this.#placeEnvelope(envelope);
    const packing = slot.packing(template);
    const had = slot.recordCount;
    let row: number;
    if (packing === undefined) {
      const args = [rowFrom, rowTo, slot.end, slot.limit, had] as const;
      row = this.#exports.renderRecords(state, address, operations, ...args, had === 0);
    } else {
      const { block, limit } = packing;
      const { places, isKnown } = packing.placesOf(template, envelope);
      const args = [rowFrom, rowTo, block, limit, slot.firstRecord, slot.limit, had] as const;
      row = this.#exports.renderPacked(state, address, operations, ...args, places, isKnown);
      if (row === rowFrom) packing.forget(template);
    }
    slot.extend(row - rowFrom, this.get("outEnd"));
    return row;
  }

  /** Renders rows [rowFrom, rowTo) as lines into `slot`, as many as fit. Returns the row after the last one rendered. */
  renderLines(template: Template, rowFrom: number, rowTo: number, slot: KernelSlot): number {
    const { state } = this.#layout;
    const address = this.#templates.place(template);
    const operations = template.pieces.length;
    const args = [rowFrom, rowTo, slot.end, slot.limit] as const;
    const row = this.#exports.renderLines(state, address, operations, ...args, slot.recordCount === 0);
    slot.extend(row - rowFrom, this.get("outEnd"));
    return row;
  }

  /** CRC-32C of bytes that are copied into the chunk first; at most the chunk's size. For identities and tests. */
  crc32c(bytes: Uint8Array): number {
    this.chunk.set(bytes);
    return this.#exports.crc32c(this.#layout.chunk, this.#layout.chunk + bytes.length) >>> 0;
  }

  #initialize(): void {
    const { lineBytesMax, rowsMax } = this.limits;
    const { columns, rowsRoom, contentBytesMax, times, arena, joinStdout, joinStderr } = this.#layout;
    const words = { columns, rowsRoom, rowsMax, times, arena, joinStdout, joinStderr, lineBytesMax, contentBytesMax };
    for (const [word, value] of Object.entries(words)) this.set(word as StateWord, value);
    this.set("chunkOffsetHigh", -1);
    this.#exports.initialize(this.#layout.state);
  }

  #makeSlot(index: number, packer: RecordPacker, release: (slot: KernelSlot) => void): KernelSlot {
    const { batches, packed, batchRoomBytes: roomBytes, unpackedRoomBytes } = this.#layout;
    const { batchBytesMax } = this.limits;
    const place = { batch: batches[index], packed: packed[index], roomBytes, unpackedRoomBytes, batchBytesMax };
    return new KernelSlot(this.memory, place, this.#exports, packer, release);
  }

  #placeEnvelope(envelope: Envelope): void {
    if (this.#envelope === envelope) return;
    this.#envelope = envelope;
    const start = this.#layout.envelope;
    this.memory.set(envelope.bytes, start);
    this.set("keyColumn", envelope.keyColumn);
    this.set("keyStart", start);
    this.set("keyEnd", start + envelope.headersAt);
    this.set("headersStart", start + envelope.headersAt);
    this.set("headersEnd", start + envelope.bytes.length);
  }

  #setWord(base: number, index: number, value: number): void {
    new DataView(this.memory.buffer).setInt32(base + index * 4, value, true);
  }

  #word(base: number, index: number): number {
    return new DataView(this.memory.buffer).getInt32(base + index * 4, true);
  }
}
