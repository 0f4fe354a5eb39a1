/**
 * Rows of texts in a kernel's columns, for records that are messages already.
 *
 * @module
 */
import { KEY_BYTES_MAX } from "./envelope.ts";
import { COLUMNS_MAX, type Layout } from "./layout.ts";

/** A message: text, or bytes as they are. */
export type RowText = string | Uint8Array;

/** The column of the messages, and that of their keys: the last ones, so that what was decoded stays as it is. */
export const MESSAGE_COLUMN = COLUMNS_MAX - 2;
export const KEY_COLUMN = COLUMNS_MAX - 1;

/** Where rows lie, and how many there may be. */
export type RowsPlace =
  & Pick<Layout, "texts" | "textsBytes" | "columns" | "rowsRoom">
  & { readonly rowsMax: number; readonly messageBytesMax: number };

/**
 * Makes rows of `texts[from]` and those that follow, and of their keys.
 *
 * @param keys one for each text, cut to 16 KiB; undefined: there are none.
 * @returns the number of rows; 0 when the first text is too long.
 */
export function placeTexts(
  memory: Uint8Array,
  place: RowsPlace,
  texts: readonly RowText[],
  from: number,
  keys: readonly string[] | undefined,
): number {
  const room = memory.subarray(place.texts, place.texts + place.textsBytes);
  const messages = new Column(memory, place, MESSAGE_COLUMN);
  const keyColumn = new Column(memory, place, KEY_COLUMN);
  const rowsMax = Math.min(texts.length - from, place.rowsMax);
  for (let row = 0, at = 0; row < rowsMax; row++) {
    const messageBytes = tryWrite(texts[from + row], room.subarray(at));
    if (messageBytes === undefined || messageBytes > place.messageBytesMax) return row;
    messages.set(row, at, messageBytes);
    at += messageBytes;
    if (keys === undefined) continue;
    const keyBytes = tryWrite(cutKey(keys[from + row]), room.subarray(at));
    if (keyBytes === undefined) return row;
    keyColumn.set(row, at, keyBytes);
    at += keyBytes;
  }
  return rowsMax;
}

/** The slices of one column. */
class Column {
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #texts: number;

  constructor(memory: Uint8Array, { columns, rowsRoom, rowsMax, texts }: RowsPlace, column: number) {
    const start = columns + column * 2 * rowsRoom * 4;
    this.#starts = new Int32Array(memory.buffer, start, rowsMax);
    this.#ends = new Int32Array(memory.buffer, start + rowsRoom * 4, rowsMax);
    this.#texts = texts;
  }

  set(row: number, at: number, bytes: number): void {
    this.#starts[row] = this.#texts + at;
    this.#ends[row] = this.#texts + at + bytes;
  }
}

/** Most keys are far too short to be looked at as bytes. */
function cutKey(key: string): RowText {
  return key.length * 3 <= KEY_BYTES_MAX ? key : new TextEncoder().encode(key).subarray(0, KEY_BYTES_MAX);
}

/** Writes a text to the beginning of `room`. @returns its size in bytes; undefined where there is not so much room. */
function tryWrite(text: RowText, room: Uint8Array): number | undefined {
  if (typeof text === "string") {
    const { read, written } = new TextEncoder().encodeInto(text, room);
    return read < text.length ? undefined : written;
  }
  if (text.length > room.length) return undefined;
  room.set(text);
  return text.length;
}
