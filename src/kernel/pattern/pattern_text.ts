/**
 * A place in the text of a pattern that moves forward as its parts are taken.
 *
 * @module
 */

/** Reads one text from left to right. */
export class PatternText {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next UTF-16 unit without taking it; empty at the end. */
  get next(): string {
    return this.#text.charAt(this.#at);
  }

  /** Takes `expected` if the text goes on with it. */
  takeText(expected: string): boolean {
    const found = this.#text.startsWith(expected, this.#at);
    if (found) this.#at += expected.length;
    return found;
  }

  /** Takes what a sticky pattern matches here. */
  tryTake(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.#text) ?? undefined;
    if (match) this.#at = sticky.lastIndex;
    return match;
  }

  /** Takes one character. Not to be called at the end. */
  takeCodePoint(): number {
    const codePoint = this.#text.codePointAt(this.#at) ?? 0;
    this.#at += codePoint > 0xffff ? 2 : 1;
    return codePoint;
  }
}
