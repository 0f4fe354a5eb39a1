/**
 * Where pieces of JSON text end (https://www.rfc-editor.org/rfc/rfc8259), as strictly as `JSON.parse`. The text is known to be UTF-8.
 * Each function returns 0 where the text is broken, and reads up to 15 bytes beyond `end`; they do not count.
 */
const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
const COLON: u8 = 0x3a;
const OPEN_BRACKET: u8 = 0x5b;
const BACKSLASH: u8 = 0x5c;
const OPEN_BRACE: u8 = 0x7b;
const CLOSE_BRACE: u8 = 0x7d;
const LETTER_E: u8 = 0x65;
/** `true`, `null` and the beginning of `false`, as little-endian words. */
const TRUE: u32 = 0x65757274;
const NULL: u32 = 0x6c6c756e;
const FALS: u32 = 0x736c6166;
/** From an opening bracket or brace to its closing one. */
const TO_CLOSE: u8 = 2;

/** Levels of objects and arrays in a value: one byte of `stack` for each. */
export const LEVELS_MAX: usize = 100_000;

/** A string without escapes. */
export const PLAIN: i32 = 0;
/** A string whose escapes are those that messages have. */
export const ESCAPED_AS_MESSAGES: i32 = 1;
/** A string with other escapes. */
export const ESCAPED_OTHERWISE: i32 = 2;

/** Which of them the string is whose end was found last. */
export let stringKind: i32 = PLAIN;

// @ts-ignore: decorator
@inline
export function skipBlanks(at: usize, end: usize): usize {
  while (at < end) {
    const byte = load<u8>(at);
    if (byte > 0x20 || (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09)) break;
    at++;
  }
  return at;
}

/** @returns the value of a hexadecimal digit, -1 for another character. */
// @ts-ignore: decorator
@inline
function hexValue(byte: u32): i32 {
  if (byte - 0x30 < 10) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : -1;
}

/** @returns the code unit that four digits at `at` stand for, -1 where they are none. */
export function codeUnit(at: usize): i32 {
  const high = hexValue(load<u8>(at)) << 12 | hexValue(load<u8>(at, 1)) << 8;
  return high | hexValue(load<u8>(at, 2)) << 4 | hexValue(load<u8>(at, 3));
}

/** Whether a letter behind a backslash stands for a character, in messages, too. */
// @ts-ignore: decorator
@inline
function isShortEscape(letter: u8): bool {
  if (letter == QUOTE || letter == BACKSLASH || letter == 0x62 || letter == 0x66) return true;
  return letter == 0x6e || letter == 0x72 || letter == 0x74;
}

/** Whether `\u` and four digits at `at` are what messages have: a control character without a letter, in small digits. */
function isAsInMessages(at: usize, unit: i32): bool {
  if (unit >= 0x20 || unit == 8 || unit == 9 || unit == 0x0a || unit == 0x0c || unit == 0x0d) return false;
  return load<u8>(at, 3) < 0x41 || load<u8>(at, 3) >= 0x61;
}

/** Where the escape ends whose backslash is at `at`; widens `stringKind`. */
function escapeEnd(at: usize, end: usize): usize {
  if (at + 2 > end) return 0;
  const letter = load<u8>(at, 1);
  if (isShortEscape(letter)) {
    stringKind |= ESCAPED_AS_MESSAGES;
    return at + 2;
  }
  if (letter == 0x2f) {
    stringKind |= ESCAPED_OTHERWISE;
    return at + 2;
  }
  if (letter != 0x75 || at + 6 > end) return 0;
  const unit = codeUnit(at + 2);
  if (unit < 0) return 0;
  stringKind |= isAsInMessages(at + 2, unit) ? ESCAPED_AS_MESSAGES : ESCAPED_OTHERWISE;
  return at + 6;
}

/** Where the closing quote of the string is that begins with the character at `at`, behind its opening quote. Sets `stringKind`. */
export function stringEnd(at: usize, end: usize): usize {
  stringKind = PLAIN;
  while (at < end) {
    const bytes = v128.load(at);
    const quoted = v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(BACKSLASH)));
    const special = i8x16.bitmask(v128.or(quoted, i8x16.lt_u(bytes, i8x16.splat(0x20))));
    if (special == 0) {
      at += 16;
      continue;
    }
    at += <usize>ctz(special);
    if (at >= end) return 0;
    const byte = load<u8>(at);
    if (byte == QUOTE) return at;
    if (byte != BACKSLASH) return 0;
    at = escapeEnd(at, end);
    if (at == 0) return 0;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function digitsEnd(at: usize, end: usize): usize {
  while (at < end && <u32>load<u8>(at) - 0x30 < 10) at++;
  return at;
}

function numberEnd(at: usize, end: usize): usize {
  if (load<u8>(at) == MINUS) at++;
  if (at >= end) return 0;
  const whole = digitsEnd(at, end);
  if (whole == at || (load<u8>(at) == ZERO && whole > at + 1)) return 0;
  at = whole;
  if (at < end && load<u8>(at) == POINT) {
    const fraction = digitsEnd(at + 1, end);
    if (fraction == at + 1) return 0;
    at = fraction;
  }
  if (at >= end || (load<u8>(at) | 0x20) != 0x65) return at;
  at++;
  if (at < end && (load<u8>(at) == MINUS || load<u8>(at) == 0x2b)) at++;
  const exponent = digitsEnd(at, end);
  return exponent == at ? 0 : exponent;
}

/** Where the number, `true`, `false` or `null` ends that begins at `at`, which is before `end`. */
export function scalarEnd(at: usize, end: usize): usize {
  const word = load<u32>(at);
  if (word == TRUE || word == NULL) return at + 4 <= end ? at + 4 : 0;
  if (word == FALS) return at + 5 <= end && load<u8>(at, 4) == LETTER_E ? at + 5 : 0;
  return numberEnd(at, end);
}

/** The bytes of `v` at which a string of ASCII ends or does not go on as it is: quote, backslash, controls, and what is not ASCII. */
// @ts-ignore: decorator
@inline
export function stringStops(v: v128): i32 {
  const quoted = v128.or(i8x16.eq(v, i8x16.splat(QUOTE)), i8x16.eq(v, i8x16.splat(BACKSLASH)));
  // Signed: bytes from 0x80 up are negative and so below 0x20, too.
  return i8x16.bitmask(v128.or(quoted, i8x16.lt_s(v, i8x16.splat(0x20))));
}

/**
 * Where the closing quote of a string is which goes on at `at`; 0: it is broken, or has a character beyond ASCII or another escape than a
 * letter that messages have.
 */
export function usualStringEnd(at: usize, end: usize): usize {
  while (at < end) {
    const stops = stringStops(v128.load(at));
    if (stops == 0) {
      at += 16;
      continue;
    }
    at += <usize>ctz(stops);
    if (at >= end) return 0;
    const byte = load<u8>(at);
    if (byte == QUOTE) return at;
    if (byte != BACKSLASH || !isShortEscape(load<u8>(at, 1))) return 0;
    at += 2;
  }
  return 0;
}

/**
 * Where the scalar ends that begins at `at`, if it stands before a comma or a brace and is `true`, `false` or up to fifteen digits,
 * with a fraction or not; 0: it is another, or broken.
 */
// @ts-ignore: decorator
@inline
export function shortScalarEnd(at: usize, end: usize): usize {
  const others = ~i8x16.bitmask(i8x16.le_u(i8x16.sub(v128.load(at), i8x16.splat(ZERO)), i8x16.splat(9))) & 0xffff;
  let stop = at;
  if ((others & 1) != 0) {
    const word = load<u32>(at);
    if (word == TRUE) stop += 4;
    else if (word == FALS && load<u8>(at, 4) == LETTER_E) stop += 5;
    else return 0;
  } else {
    if (others == 0) return 0;
    const digits = ctz(others);
    if (digits > 1) {
      if (load<u8>(at) == ZERO) return 0;
    }
    stop += <usize>digits;
    if (load<u8>(stop) == POINT) {
      const behind = others >>> (digits + 1);
      if ((behind & 1) != 0 || behind == 0) return 0;
      stop += 1 + <usize>ctz(behind);
    }
  }
  if (stop >= end) return 0;
  const next = load<u8>(stop);
  if (next != COMMA) {
    if (next != CLOSE_BRACE) return 0;
  }
  return stop;
}

/** Where the value begins behind the name that is expected at `at`. */
function nameEnd(at: usize, end: usize): usize {
  if (at >= end || load<u8>(at) != QUOTE) return 0;
  const close = stringEnd(at + 1, end);
  if (close == 0) return 0;
  at = skipBlanks(close + 1, end);
  if (at >= end || load<u8>(at) != COLON) return 0;
  at = skipBlanks(at + 1, end);
  return at < end ? at : 0;
}

/** Where the string, number or word ends that begins at `at`. */
// @ts-ignore: decorator
@inline
function leafEnd(at: usize, end: usize): usize {
  if (load<u8>(at) != QUOTE) return scalarEnd(at, end);
  const close = stringEnd(at + 1, end);
  return close == 0 ? 0 : close + 1;
}

/** Where the object or array ends that begins at `at`. @param stack room for `LEVELS_MAX` bytes. */
export function blockEnd(at: usize, end: usize, stack: usize): usize {
  let level: usize = 0;
  while (true) {
    const byte = load<u8>(at);
    if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
      if (level == LEVELS_MAX) return 0;
      store<u8>(stack + level, byte + TO_CLOSE);
      level++;
      at = skipBlanks(at + 1, end);
      if (at >= end) return 0;
      if (load<u8>(at) != byte + TO_CLOSE) {
        if (byte == OPEN_BRACE) at = nameEnd(at, end);
        if (at == 0) return 0;
        continue;
      }
    } else {
      at = leafEnd(at, end);
      if (at == 0) return 0;
    }
    // Behind a value, or at the end of what is empty.
    while (true) {
      at = skipBlanks(at, end);
      if (at >= end) return 0;
      const close = load<u8>(stack + level - 1);
      const next = load<u8>(at);
      at++;
      if (next == close) {
        if (--level == 0) return at;
        continue;
      }
      if (next != COMMA) return 0;
      at = skipBlanks(at, end);
      if (close == CLOSE_BRACE) at = nameEnd(at, end);
      if (at == 0 || at >= end) return 0;
      break;
    }
  }
}
