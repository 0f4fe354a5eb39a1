/**
 * MD5 of a text, for masking and grouping: nothing here relies on it being hard to reverse.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** @returns the MD5 sum of the text's UTF-8 bytes, in lower-case hexadecimal. */
export function md5Text(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
