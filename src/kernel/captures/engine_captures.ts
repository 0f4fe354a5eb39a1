/**
 * The JavaScript engine's answer for the texts that the kernel does not decide: where the groups are, in bytes, as the kernel says it.
 * Slow: the text is decoded, and the places in it are translated back.
 *
 * @module
 */
import type { CaptureOptions } from "./compile_captures.ts";

/** A byte order mark is a character, as it is for the kernel. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const REPLACEMENT = "\ufffd";

/** Start and end in bytes from the text's beginning; undefined for a group that took no part. */
export type CapturedPlace = readonly [start: number, end: number] | undefined;

/** Asks the engine about texts, for one pattern. */
export class EngineCaptures {
  readonly #regex: RegExp;
  readonly #groups: number;
  readonly #whole: boolean;

  /** @param regex as for `tryCompileCaptures`, as are the options. */
  constructor({ source, flags }: RegExp, { groups, whole = false }: CaptureOptions) {
    this.#regex = new RegExp(source, `${flags.replace(/[dg]/g, "")}d`);
    this.#groups = groups;
    this.#whole = whole;
  }

  /** @returns the places of the wanted groups; undefined when the text does not match. */
  tryCapture(bytes: Uint8Array): readonly CapturedPlace[] | undefined {
    const text = decoder.decode(bytes);
    this.#regex.lastIndex = 0;
    const match = this.#regex.exec(text);
    if (match === null || (this.#whole && match[0].length !== text.length)) return undefined;
    const byteOf = bytePlaces(text, bytes);
    return Array.from({ length: this.#groups }, (_, index) => {
      const place = match.indices?.[index + 1];
      return place && [byteOf[place[0]], byteOf[place[1]]] as const;
    });
  }
}

/** Where each UTF-16 unit of a decoded text, and its end, is in the bytes it comes from. */
function bytePlaces(text: string, bytes: Uint8Array): Int32Array {
  const places = new Int32Array(text.length + 1);
  let [unit, byte] = [0, 0];
  for (const character of text) {
    places.fill(byte, unit, unit + character.length);
    unit += character.length;
    byte += character === REPLACEMENT ? replacedBytes(bytes, byte) : sizeOf(character);
  }
  places[unit] = byte;
  return places;
}

function sizeOf(character: string): number {
  if (character.length === 2) return 4;
  return character < "\x80" ? 1 : character < "\u0800" ? 2 : 3;
}

/**
 * How many bytes one U+FFFD stands for: its own three, or those that could have begun a character
 * (https://encoding.spec.whatwg.org/#utf-8-decoder).
 */
function replacedBytes(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  const size = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 1;
  let count = 1;
  while (count < size && isNext(lead, count, bytes[at + count])) count++;
  return count;
}

/** Not every second byte may follow E0, ED, F0 and F4 (https://www.unicode.org/versions/Unicode16.0.0, table 3-7). */
function isNext(lead: number, index: number, byte: number | undefined): boolean {
  if (byte === undefined || byte < 0x80 || byte > 0xbf) return false;
  if (index > 1) return true;
  if (lead === 0xe0 || lead === 0xf0) return byte >= (lead === 0xe0 ? 0xa0 : 0x90);
  return !(lead === 0xed && byte > 0x9f || lead === 0xf4 && byte > 0x8f);
}
