/**
 * The inside of a Go string literal → the text that it stands for. Escapes of single bytes (`\xe4`, `\344`) make UTF-8 together,
 * as nginx writes it. Source: https://pkg.go.dev/strconv#Unquote
 *
 * @module
 */

const TOKEN = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([abfnrtv\\"]))|[^\\"\n]+/y;
const SINGLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
  ['"', '"'],
]);

/** @returns the text; undefined where an escape is wrong, or a quote or newline stands unescaped. Bytes that are no UTF-8 become U+FFFD. */
export function tryGoUnquote(inside: string): string | undefined {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < inside.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const piece = tryBytes(TOKEN.exec(inside));
    if (piece === undefined) return undefined;
    pieces.push(piece);
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(joined(pieces));
}

function tryBytes(match: RegExpExecArray | null): Uint8Array | undefined {
  if (match === null) return undefined;
  const [token, hex, octal, short, long, single] = match;
  if (hex !== undefined) return Uint8Array.of(parseInt(hex, 16));
  if (octal !== undefined) return parseInt(octal, 8) < 256 ? Uint8Array.of(parseInt(octal, 8)) : undefined;
  const text = short ?? long ? tryCharacter(parseInt(short ?? long, 16)) : SINGLE_ESCAPES.get(single) ?? token;
  return text === undefined ? undefined : new TextEncoder().encode(text);
}

function tryCharacter(code: number): string | undefined {
  const isCharacter = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
