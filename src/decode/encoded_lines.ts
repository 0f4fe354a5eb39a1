/**
 * Decodes the lines of files that are not in UTF-8: whole lines become UTF-8 and go to another decoder, whose offsets, in bytes of UTF-8,
 * are then told in bytes of the file. A slow way for the few files that need it; the record's form is the same.
 *
 * @module
 */
import { type Batch, type Chunk, type Decoder, IN_EARLIER_FILE } from "../core/batch.ts";
import type { FileIdentity, PendingRecord } from "../core/position.ts";
import type { DecoderContext } from "./line_decoder.ts";
import { LineOffsets } from "./line_offsets.ts";

/** What a file's text is written in (https://encoding.spec.whatwg.org). UTF-16 is little-endian where no byte order mark says otherwise. */
export type FileEncoding = "gbk" | "utf16";

/** Bytes of UTF-8 that one byte becomes at most: `€` is a byte of GBK, and one that is no character becomes U+FFFD. */
const GROWTH = { gbk: 3, utf16: 1.5 } as const;
const OFFSET_COLUMN = 3;
const MARK_BYTES = 2;
const CHARACTER_BYTES_MAX = 4;

/** Decoder of one file in another encoding. */
export class EncodedLineDecoder implements Decoder {
  readonly #context: DecoderContext;
  readonly #inner: Decoder;
  readonly #hasOffset: boolean;
  readonly #encoding: FileEncoding;
  #text: TextDecoder;
  /** How many bytes a newline takes, and whether its `\n` is the second of two. */
  #unitBytes: 1 | 2;
  #isBigEndian = false;
  #offsets = new LineOffsets();

  /** @param inner decodes the lines in UTF-8; @param hasOffset whether it writes the offset column. */
  constructor(encoding: FileEncoding, inner: Decoder, hasOffset: boolean, context: DecoderContext) {
    this.#context = context;
    this.#inner = inner;
    this.#hasOffset = hasOffset;
    this.#encoding = encoding;
    this.#unitBytes = encoding === "utf16" ? 2 : 1;
    this.#text = new TextDecoder(encoding === "utf16" ? "utf-16le" : "gbk");
  }

  decode({ offset, size }: Chunk): Batch {
    const { chunk } = this.#context.kernel;
    const bytesMax = Math.floor((chunk.length - 1) / GROWTH[this.#encoding] / 2) * 2;
    const bytes = chunk.slice(0, Math.min(size, bytesMax));
    if (offset === 0) this.#readMark(bytes);
    const mark = offset === 0 && this.#hasMark(bytes) ? MARK_BYTES : 0;
    const end = this.#endOfLines(bytes);
    if (end === 0 && bytes.length < bytesMax) return this.#nothing(offset);
    const utf8Size = end > 0 ? this.#toUtf8(bytes.subarray(0, end), offset, mark) : this.#cut(bytes, offset, mark);
    return this.#inFileBytes(this.#inner.decode({ offset: this.#offsets.at, size: utf8Size }), offset);
  }

  flush(offset: number, why: "ended" | "idle"): Batch | undefined {
    const batch = this.#inner.flush(this.#offsets.at, why);
    return batch && this.#inFileBytes(batch, offset);
  }

  beginFile(identity: FileIdentity): void {
    this.#offsets = new LineOffsets();
    this.#inner.beginFile(identity);
  }

  rest(): void {
    this.#inner.rest?.();
  }

  pending(): readonly PendingRecord[] {
    const inFile = (utf8: number) => utf8 === IN_EARLIER_FILE ? IN_EARLIER_FILE : this.#offsets.inFile(utf8);
    return this.#inner.pending().map((record) => {
      const lineOffset = record.line < 0 ? IN_EARLIER_FILE : inFile(record.lineOffset);
      return { ...record, offsetSafe: inFile(record.offsetSafe), lineOffset };
    });
  }

  restore(records: readonly PendingRecord[], offset: number): void {
    const places = records.flatMap(({ offsetSafe, lineOffset }) => [offsetSafe, lineOffset]);
    const known = places.filter((place) => place !== IN_EARLIER_FILE);
    const utf8 = new Map(this.#offsets.restore(known, offset).map((at, index) => [known[index], at]));
    const inUtf8 = (place: number) => utf8.get(place) ?? IN_EARLIER_FILE;
    const converted = records.map((record) => ({
      ...record,
      offsetSafe: inUtf8(record.offsetSafe),
      lineOffset: inUtf8(record.lineOffset),
    }));
    this.#inner.restore(converted, offset);
  }

  /**
   * Converts whole lines into the kernel's chunk, no more of them than it decodes at once, and notes where each of them begins. Returns
   * the number of bytes there.
   */
  #toUtf8(bytes: Uint8Array, offset: number, mark: number): number {
    const { chunk, limits } = this.#context.kernel;
    let utf8 = 0;
    let start = mark;
    this.#offsets.begin();
    for (let lines = 0; start < bytes.length && lines < limits.rowsMax; lines++) {
      const end = this.#lineEnd(bytes, start);
      this.#offsets.add(utf8, offset + start);
      utf8 += new TextEncoder().encodeInto(this.#text.decode(bytes.subarray(start, end)), chunk.subarray(utf8)).written;
      start = end;
    }
    this.#offsets.add(utf8, offset + start);
    return utf8;
  }

  #inFileBytes(batch: Batch, offsetStart: number): Batch {
    if (this.#hasOffset) this.#replaceOffsets(batch.rows);
    const offsetEnd = this.#offsets.inFile(batch.offsetEnd);
    const isEarlier = batch.offsetSafe === IN_EARLIER_FILE;
    const offsetSafe = isEarlier ? IN_EARLIER_FILE : this.#offsets.inFile(batch.offsetSafe);
    this.#offsets.advance(batch.offsetEnd, isEarlier ? batch.offsetEnd : batch.offsetSafe);
    return { ...batch, offsetStart, offsetEnd, offsetSafe };
  }

  #replaceOffsets(rows: number): void {
    const { kernel } = this.#context;
    for (let row = 0; row < rows; row++) {
      const offset = Number(new TextDecoder().decode(kernel.slice(OFFSET_COLUMN, row)));
      kernel.replace(OFFSET_COLUMN, row, String(this.#offsets.inFile(offset)));
    }
  }

  #readMark(bytes: Uint8Array): void {
    if (this.#encoding !== "utf16") return;
    this.#isBigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
    this.#text = new TextDecoder(this.#isBigEndian ? "utf-16be" : "utf-16le");
  }

  #hasMark(bytes: Uint8Array): boolean {
    const [low, high] = this.#isBigEndian ? [bytes[1], bytes[0]] : [bytes[0], bytes[1]];
    return this.#encoding === "utf16" && low === 0xff && high === 0xfe;
  }

  /** The end of the last whole line; 0 when there is none. */
  #endOfLines(bytes: Uint8Array): number {
    for (let at = bytes.length; (at = bytes.lastIndexOf(0x0a, at - 1)) >= 0;) {
      const end = this.#newlineEnd(bytes, at);
      if (end > 0) return end;
      if (at === 0) break;
    }
    return 0;
  }

  #lineEnd(bytes: Uint8Array, start: number): number {
    for (let at = start; (at = bytes.indexOf(0x0a, at)) >= 0; at++) {
      const end = this.#newlineEnd(bytes, at);
      if (end > 0) return end;
    }
    return bytes.length;
  }

  /** Where the newline ends whose byte 0x0a is at `at`; 0 when that byte is no newline but a part of another character. */
  #newlineEnd(bytes: Uint8Array, at: number): number {
    if (this.#unitBytes === 1) return at + 1;
    if (this.#isBigEndian) return at % 2 === 1 && bytes[at - 1] === 0 ? at + 1 : 0;
    return at % 2 === 0 && bytes[at + 1] === 0 ? at + 2 : 0;
  }

  /** A line is longer than what can be held: what is there of it, up to a whole character, becomes a line of its own. */
  #cut(bytes: Uint8Array, offset: number, mark: number): number {
    this.#context.counts.split++;
    const end = this.#endOfCharacters(bytes);
    const utf8 = this.#toUtf8(bytes.subarray(0, end), offset, mark);
    this.#context.kernel.chunk[utf8] = 0x0a;
    this.#offsets.add(utf8 + 1, offset + end);
    return utf8 + 1;
  }

  /** The end of the last whole character; that of all bytes where they are none of the encoding. */
  #endOfCharacters(bytes: Uint8Array): number {
    const strict = new TextDecoder(this.#text.encoding, { fatal: true });
    for (let end = bytes.length; end > bytes.length - CHARACTER_BYTES_MAX; end--) {
      try {
        strict.decode(bytes.subarray(0, end));
        return end;
      } catch {
        // A character is cut here, or is none.
      }
    }
    return bytes.length;
  }

  #nothing(offset: number): Batch {
    const { source } = this.#context;
    return { source, rows: 0, fields: [], offsetStart: offset, offsetEnd: offset, offsetSafe: offset };
  }
}
