/**
 * Positions as JSON, with what is pending at them: as the checkpoint file and the positions topic have them.
 *
 * @module
 */
import * as z from "zod";
import type { PendingRecord } from "./position.ts";

/** What identifies a file covers at most so many of its first bytes (`../tail/identity.ts`), which are read again to compare. */
const HEAD_BYTES_MAX = 1024;
const HASH_MAX = 2 ** 32 - 1;

const count = z.number().int().nonnegative();
/** 64 bits for the operating system, here the nearest number: file systems that are joined of others use the highest bits, too. */
const number64 = z.number().nonnegative().refine(Number.isInteger);

/** A file and a place in it. */
export const placeSchema = z.object({
  identity: z.object({
    device: number64,
    inode: number64,
    headBytes: count.max(HEAD_BYTES_MAX),
    headHash: count.max(HASH_MAX),
  }),
  offset: count,
});

const bytes = z.base64().transform((text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));

/** What `encodeRecords` gives, read back. */
export const recordsSchema = z.array(z.object({
  stream: z.enum(["Stdout", "Stderr"]),
  content: bytes,
  time: bytes,
  seconds: z.number().int(),
  offsetSafe: z.number().int(),
  line: z.number().int(),
  lineOffset: z.number().int(),
}));

/** Pending records as JSON takes them; their bytes take a third more. */
export function encodeRecords(records: readonly PendingRecord[]): readonly object[] {
  return records.map((one) => ({ ...one, content: encodeBytes(one.content), time: encodeBytes(one.time) }));
}

function encodeBytes(content: Uint8Array): string {
  let text = "";
  // In parts: there is a limit to the number of arguments.
  for (let at = 0; at < content.length; at += 8192) {
    text += String.fromCharCode(...content.subarray(at, at + 8192));
  }
  return btoa(text);
}
