/**
 * The primitive types of the Kafka protocol, written to and read from bytes: big-endian integers, strings with an INT16
 * length, arrays with an INT32 count. Only what our few requests need; each request's own grammar is in its own module.
 * https://kafka.apache.org/protocol.html#protocol_types
 *
 * @module
 */

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder();

/** Writes protocol primitives one after another into a buffer that grows. */
export class WireWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  /** @param bytesExpected the first size of the buffer. */
  constructor(bytesExpected = 128) {
    this.#bytes = new Uint8Array(bytesExpected);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** What was written: a view, valid until the next write. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  int8(value: number): this {
    const at = this.#advance(1);
    this.#view.setInt8(at, value);
    return this;
  }

  int16(value: number): this {
    const at = this.#advance(2);
    this.#view.setInt16(at, value);
    return this;
  }

  int32(value: number): this {
    const at = this.#advance(4);
    this.#view.setInt32(at, value);
    return this;
  }

  int64(value: bigint): this {
    const at = this.#advance(8);
    this.#view.setBigInt64(at, value);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  /** NULLABLE_STRING: INT16 length and UTF-8, or length -1 for null; a STRING is one that is not null. */
  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const encoded = utf8Encoder.encode(value);
    return this.int16(encoded.length).raw(encoded);
  }

  raw(bytes: Uint8Array): this {
    const at = this.#advance(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** Overwrites the INT32 at `at`, for a length that is known only afterwards. */
  patchInt32(at: number, value: number): this {
    this.#view.setInt32(at, value);
    return this;
  }

  #advance(size: number): number {
    const at = this.#length;
    if (at + size > this.#bytes.length) this.#grow(at + size);
    this.#length = at + size;
    return at;
  }

  #grow(bytesMin: number): void {
    const grown = new Uint8Array(Math.max(bytesMin, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** Reads protocol primitives one after another. Every method throws a RangeError past the end of the bytes. */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  int8(): number {
    return this.#view.getInt8(this.#advance(1));
  }

  int16(): number {
    return this.#view.getInt16(this.#advance(2));
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4));
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#advance(8));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  /** A NULLABLE_STRING. */
  nullableString(): string | null {
    const length = this.int16();
    return length < 0 ? null : utf8Decoder.decode(this.raw(length));
  }

  /** A STRING; null, which it cannot be, reads as empty. */
  string(): string {
    return this.nullableString() ?? "";
  }

  /** An ARRAY; null reads as empty. */
  array<Item>(item: (reader: WireReader) => Item): Item[] {
    const count = this.int32();
    const items: Item[] = [];
    for (let index = 0; index < count; index++) items.push(item(this));
    return items;
  }

  /** Passes over the next `length` bytes. */
  skip(length: number): void {
    this.#advance(length);
  }

  /** @returns a view of the next `length` bytes. */
  raw(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  #advance(size: number): number {
    const at = this.#position;
    if (size < 0 || at + size > this.#bytes.length) throw new RangeError("A Kafka answer ends too early");
    this.#position = at + size;
    return at;
  }
}
