/**
 * What is around a message in its Kafka record: the key and the headers, as they stand there
 * (https://kafka.apache.org/documentation/#record).
 *
 * @module
 */
import { invariant } from "../core/assert.ts";
import { ENVELOPE_BYTES_MAX } from "./layout.ts";
import { writeVarint } from "./records.ts";

/** One header of a record. */
export interface RecordHeader {
  readonly key: string;
  readonly value: string;
}

/** The key of a record: none, the same text for all, or what the rows have in a column. */
export type RecordKey = undefined | string | { readonly column: number };

const encoder = new TextEncoder();
/** Keys are cut to this: a longer one would take the room of its message. */
export const KEY_BYTES_MAX = ENVELOPE_BYTES_MAX / 4;

/** A key and headers, ready for a kernel. Immutable. */
export class Envelope {
  readonly keyColumn: number;
  /** The key with its length, then the headers with their number. */
  readonly bytes: Uint8Array;
  /** Where in `bytes` the headers begin. */
  readonly headersAt: number;

  constructor(key: RecordKey, headers: readonly RecordHeader[]) {
    this.keyColumn = typeof key === "object" ? key.column : -1;
    const keyText = typeof key === "string" ? sized(encoder.encode(key).subarray(0, KEY_BYTES_MAX)) : [NULL_LENGTH];
    const headerTexts = headers.flatMap((
      { key, value },
    ) => [...sized(encoder.encode(key)), ...sized(encoder.encode(value))]);
    this.headersAt = keyText.length;
    this.bytes = Uint8Array.from([...keyText, ...varint(headers.length), ...headerTexts]);
    invariant(this.bytes.length <= ENVELOPE_BYTES_MAX, "headers are too long for their room");
  }
}

/** The length of a key that is not there: -1. */
const NULL_LENGTH = 1;

/** Messages without key and headers. */
export const PLAIN_ENVELOPE = new Envelope(undefined, []);

function sized(bytes: Uint8Array): number[] {
  return [...varint(bytes.length), ...bytes];
}

function varint(value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  return bytes.subarray(0, writeVarint(bytes, 0, value));
}
