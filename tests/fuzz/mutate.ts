/**
 * Mutations of bytes that are good: what a program must survive lies mostly near what it understands. Knows no format; a target brings
 * samples and a dictionary of tokens. Every mutant follows from its random stream alone.
 *
 * @module
 */
import type { Random } from "../support/random.ts";

/** One small change. */
type Mutation = (random: Random, bytes: Uint8Array, mutator: Mutator) => Uint8Array;

const INTERESTING_BYTES = [0x00, 0x01, 0x0a, 0x20, 0x22, 0x5c, 0x7f, 0x80, 0xbf, 0xc0, 0xed, 0xf0, 0xf4, 0xff];
/** The edges of what lengths, counts and offsets are kept in. */
const EXTREMES = [
  ...[0n, 1n, -1n, -2n, 127n, 128n, 255n, 256n, 32_767n, 32_768n, 65_535n, 65_536n],
  ...[2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 53n + 2n, 2n ** 63n - 1n, -(2n ** 31n), -(2n ** 63n)],
];
const NUMBER_TEXTS = [...EXTREMES.map(String), "1e999", "-0", "0.5", "1e-7", "00", "NaN", "18446744073709551615"];
const DIGITS = /\d+/g;

const encoder = new TextEncoder();
/** One character a byte, both ways. */
const latin1 = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

/** Makes mutants of samples. */
export class Mutator {
  readonly samples: readonly Uint8Array[];
  readonly tokens: readonly Uint8Array[];
  readonly #bytesMax: number;

  /** @param bytesMax no mutant is longer; longer samples are cut. */
  constructor(
    samples: readonly (Uint8Array | string)[],
    tokens: readonly (Uint8Array | string)[],
    bytesMax = 32 * 1024,
  ) {
    this.samples = samples.map(bytesOf);
    this.tokens = tokens.map(bytesOf);
    this.#bytesMax = bytesMax;
  }

  /** One sample with up to eight changes; now and then none. */
  mutant(random: Random): Uint8Array {
    let bytes = random.pick(this.samples).slice(0, this.#bytesMax);
    const changes = random.integer(0, random.pick([1, 3, 8]));
    for (let change = 0; change < changes; change++) {
      bytes = random.pick(MUTATIONS)(random, bytes, this).slice(0, this.#bytesMax);
    }
    return bytes;
  }

  /** A mutant as text; what is not UTF-8 is replaced. */
  mutantText(random: Random): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.mutant(random));
  }
}

function bytesOf(sample: Uint8Array | string): Uint8Array {
  return typeof sample === "string" ? encoder.encode(sample) : sample;
}

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  setByte,
  setNumber,
  setNumber,
  setNumberText,
  cut,
  truncate,
  insertToken,
  insertToken,
  repeatToken,
  repeatSlice,
  splice,
];

function flipBit(random: Random, bytes: Uint8Array): Uint8Array {
  if (bytes.length > 0) bytes[random.integer(0, bytes.length - 1)] ^= 1 << random.integer(0, 7);
  return bytes;
}

function setByte(random: Random, bytes: Uint8Array): Uint8Array {
  if (bytes.length > 0) bytes[random.integer(0, bytes.length - 1)] = random.pick(INTERESTING_BYTES);
  return bytes;
}

/** An extreme number in place of 1, 2, 4 or 8 bytes, in either order. */
function setNumber(random: Random, bytes: Uint8Array): Uint8Array {
  const size = random.pick([1, 2, 4, 8]);
  if (bytes.length < size) return bytes;
  const whole = new DataView(new ArrayBuffer(8));
  whole.setBigInt64(0, BigInt.asIntN(64, random.pick(EXTREMES)));
  const number = new Uint8Array(whole.buffer).slice(8 - size);
  bytes.set(random.integer(0, 3) > 0 ? number : number.reverse(), random.integer(0, bytes.length - size));
  return bytes;
}

/** An extreme number in place of one that is written in decimal. */
function setNumberText(random: Random, bytes: Uint8Array): Uint8Array {
  const numbers = [...latin1(bytes).matchAll(DIGITS)];
  if (numbers.length === 0) return bytes;
  const { index, 0: { length } } = random.pick(numbers);
  return joined(bytes.subarray(0, index), encoder.encode(random.pick(NUMBER_TEXTS)), bytes.subarray(index + length));
}

function cut(random: Random, bytes: Uint8Array): Uint8Array {
  const [start, end] = slice(random, bytes);
  return joined(bytes.subarray(0, start), bytes.subarray(end));
}

function truncate(random: Random, bytes: Uint8Array): Uint8Array {
  return bytes.slice(0, random.integer(0, bytes.length));
}

function insertToken(random: Random, bytes: Uint8Array, { tokens }: Mutator): Uint8Array {
  const at = random.integer(0, bytes.length);
  return tokens.length === 0 ? bytes : joined(bytes.subarray(0, at), random.pick(tokens), bytes.subarray(at));
}

function repeatToken(random: Random, bytes: Uint8Array, { tokens }: Mutator): Uint8Array {
  const at = random.integer(0, bytes.length);
  return tokens.length === 0
    ? bytes
    : joined(bytes.subarray(0, at), repeated(random, random.pick(tokens)), bytes.subarray(at));
}

function repeatSlice(random: Random, bytes: Uint8Array): Uint8Array {
  const [start, end] = slice(random, bytes);
  return joined(bytes.subarray(0, start), repeated(random, bytes.subarray(start, end)), bytes.subarray(end));
}

/** The head of one and the tail of another sample. */
function splice(random: Random, bytes: Uint8Array, { samples }: Mutator): Uint8Array {
  const other = random.pick(samples);
  return joined(bytes.subarray(0, random.integer(0, bytes.length)), other.subarray(random.integer(0, other.length)));
}

/** Mostly short. */
function slice(random: Random, bytes: Uint8Array): [start: number, end: number] {
  const start = random.integer(0, bytes.length);
  return [start, Math.min(bytes.length, start + random.integer(0, random.pick([4, 40, 400])))];
}

function repeated(random: Random, bytes: Uint8Array): Uint8Array {
  const times = random.integer(1, random.pick([3, 30, 3000, 20_000]));
  const size = Math.min(bytes.length * times, 64 * 1024);
  return Uint8Array.from({ length: size }, (_, index) => bytes[index % bytes.length]);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
