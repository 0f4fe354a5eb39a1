/**
 * Regular expressions that the kernel asks about: as tables in its memory, which it reads by itself, or by V8, which it calls for a line.
 *
 * @module
 */
import { invariant } from "../core/assert.ts";
import { GuardedRegex, matchesSafely } from "../core/guarded_regex.ts";
import { tryCompilePattern } from "./pattern/compile_pattern.ts";

/** Where tables may begin. */
const ALIGNMENT = 4;

/** A pattern that V8 answers. */
interface HostPattern {
  readonly regex: RegExp;
}

/** The patterns of one kernel. Few: those of its pipeline's options. */
export class KernelPatterns {
  readonly #memory: Uint8Array;
  readonly #words = new Map<string, number>();
  /** From 1: a word is minus the index. */
  readonly #onHost: HostPattern[] = [];
  /** A byte order mark is a character to an automaton, too. */
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #end: number;
  #next: number;

  /** @param start where the tables may lie, aligned; @param bytes how much room they have. */
  constructor(memory: Uint8Array, start: number, bytes: number) {
    this.#memory = memory;
    this.#next = start;
    this.#end = start + bytes;
  }

  /** @returns the word by which the kernel knows the pattern; equal patterns have the same. */
  add(regex: RegExp, anchored: boolean): number {
    const key = `${anchored}/${regex.flags}/${regex.source}`;
    const word = this.#words.get(key) ?? this.#tryPlace(regex, anchored) ?? this.#keepOnHost(regex, anchored);
    this.#words.set(key, word);
    return word;
  }

  /** @returns the address of a pattern's table; undefined where the pattern is V8's. Equal patterns have the same. */
  tryAdd(regex: RegExp, anchored: boolean): number | undefined {
    const key = `${anchored}/${regex.flags}/${regex.source}`;
    const word = this.#words.get(key) ?? this.#tryPlace(regex, anchored);
    if (word !== undefined) this.#words.set(key, word);
    return word !== undefined && word > 0 ? word : undefined;
  }

  /** Whether the host's pattern `index` matches the bytes [start, end). Called by the kernel. */
  matches(index: number, start: number, end: number): number {
    const pattern = this.#onHost[index - 1];
    invariant(pattern !== undefined, `no pattern ${index}`);
    pattern.regex.lastIndex = 0;
    return matchesSafely(pattern.regex, this.#decoder.decode(this.#memory.subarray(start, end))) ? 1 : 0;
  }

  /** Reserves room and has it filled. @returns its address; undefined where there is not so much. */
  tryReserve(bytes: number, place: (address: number) => void): number | undefined {
    const address = this.#next;
    if (address + bytes > this.#end) return undefined;
    place(address);
    this.#next = Math.ceil((address + bytes) / ALIGNMENT) * ALIGNMENT;
    return address;
  }

  /** @returns the address of the pattern's table; undefined when it can have none or there is no room for it. */
  #tryPlace(regex: RegExp, anchored: boolean): number | undefined {
    const pattern = tryCompilePattern(regex, { anchored });
    return pattern && this.tryReserve(pattern.bytes, (address) => pattern.place(this.#memory, address));
  }

  #keepOnHost({ source, flags }: RegExp, anchored: boolean): number {
    const plain = flags.replace(/[gy]/g, "");
    return -this.#onHost.push({ regex: new GuardedRegex(source, anchored ? `${plain}y` : plain) });
  }
}
