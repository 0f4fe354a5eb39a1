/**
 * A JSON object → fields, one for each value, named by the way that leads to it. In one pass and without recursion: nesting is
 * limited by a number, not by the stack. Names repeat what leads to them, so that a small text could grow beyond all bounds:
 * their sum is limited, too. What is beyond a limit counts as broken there.
 *
 * @module
 */
import type { RecordField } from "../core/record.ts";
import { JsonScanner, tryUnescapeJson } from "./json_scanner.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const LEVELS_MAX = 100_000;
/** All names of one object together, in UTF-16 units. */
const NAME_CHARS_MAX = 16 * 1024 * 1024;

/** How names are made, and what is left as JSON text. */
export interface JsonExpansionOptions {
  /** Begins every name. */
  readonly prefix: string;
  /** Stands before the first connector. */
  readonly root: string;
  readonly connector: string;
  /** Whether the names of the first level go without the connector. */
  readonly ignoreFirstConnector: boolean;
  /** Objects and arrays of this level stay text; 0: none. */
  readonly depthMax: number;
  /** Whether the elements of an array become fields; arrays in arrays stay text in any case. */
  readonly expandArray: boolean;
  /** Whether strings are left as they are written between their quotes. */
  readonly keepsEscapes: boolean;
}

/** An object or array that is open. */
interface Level {
  readonly close: typeof CLOSE_BRACE | typeof CLOSE_BRACKET;
  readonly name: string;
  /** Of its members. */
  readonly depth: number;
  members: number;
}

/** The expansion of one text into `fields`. */
export class JsonExpansion {
  readonly #options: JsonExpansionOptions;
  readonly #scanner: JsonScanner;
  readonly #fields: RecordField[];
  readonly #levels: Level[] = [];
  #nameChars = 0;

  /** @param fields get the new ones at their end. */
  constructor(text: string, options: JsonExpansionOptions, fields: RecordField[]) {
    this.#scanner = new JsonScanner(text);
    this.#options = options;
    this.#fields = fields;
  }

  /** @returns whether the text is one object and nothing else. If not, the fields before the broken place have been added. */
  run(): boolean {
    const { prefix, root } = this.#options;
    if (!this.#tryOpen(CLOSE_BRACE, prefix + root, 1)) return false;
    for (let level = this.#levels.at(-1); level !== undefined; level = this.#levels.at(-1)) {
      if (!this.#tryMember(level)) return false;
    }
    return Number.isNaN(this.#scanner.peek());
  }

  #tryOpen(close: Level["close"], name: string, depth: number): boolean {
    if (this.#levels.length >= LEVELS_MAX) return false;
    this.#levels.push({ close, name, depth, members: 0 });
    return this.#scanner.tryPass(close === CLOSE_BRACE ? OPEN_BRACE : OPEN_BRACKET);
  }

  /** Takes the next member, or the end of the level. */
  #tryMember(level: Level): boolean {
    if (this.#scanner.tryPass(level.close)) return this.#levels.pop() !== undefined;
    if (level.members > 0 && !this.#scanner.tryPass(COMMA)) return false;
    const name = level.close === CLOSE_BRACE ? this.#tryName(level) : `${level.name}[${level.members}]`;
    level.members++;
    return name !== undefined && this.#tryValue(name, level);
  }

  #tryName({ name, depth }: Level): string | undefined {
    const raw = this.#scanner.peek() === QUOTE ? this.#scanner.tryString() : undefined;
    const key = raw === undefined ? undefined : tryUnescapeJson(raw);
    if (key === undefined || !this.#scanner.tryPass(COLON)) return undefined;
    const { connector, ignoreFirstConnector } = this.#options;
    return name + (depth === 1 && ignoreFirstConnector ? "" : connector) + key;
  }

  #tryValue(name: string, level: Level): boolean {
    const { depthMax, expandArray } = this.#options;
    const canOpen = level.depth !== depthMax;
    switch (this.#scanner.peek()) {
      case OPEN_BRACE:
        if (canOpen) return this.#tryOpen(CLOSE_BRACE, name, level.depth + 1);
        return this.#tryAdd(name, this.#scanner.tryBlock());
      case OPEN_BRACKET:
        if (canOpen && expandArray && level.close === CLOSE_BRACE) {
          return this.#tryOpen(CLOSE_BRACKET, name, level.depth);
        }
        return this.#tryAdd(name, this.#scanner.tryBlock());
      case QUOTE:
        return this.#tryAddString(name);
      default:
        return this.#tryAdd(name, this.#scanner.tryScalar());
    }
  }

  /** A string with a wrong escape is kept as it is written. */
  #tryAddString(name: string): boolean {
    const raw = this.#scanner.tryString();
    if (raw === undefined || this.#options.keepsEscapes) return this.#tryAdd(name, raw);
    return this.#tryAdd(name, tryUnescapeJson(raw) ?? raw);
  }

  #tryAdd(name: string, value: string | undefined): boolean {
    this.#nameChars += name.length;
    if (value === undefined || this.#nameChars > NAME_CHARS_MAX) return false;
    this.#fields.push({ name, value });
    return true;
  }
}
