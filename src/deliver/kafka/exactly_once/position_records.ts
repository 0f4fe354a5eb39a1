/**
 * Positions as records of the positions topic: which key is whose, and JSON for what there is to know of a source, and of the transactional id
 * as a whole.
 *
 * @module
 */
import * as z from "zod";
import type { Position } from "../../../core/position.ts";
import type { KeyedRecord } from "./memory_batch.ts";

const VERSION = 1;

const count = z.number().int();
/** 64 bits for the operating system, here the nearest number. */
const number64 = z.number().nonnegative().refine(Number.isInteger);
const place = z.object({
  identity: z.object({ device: number64, inode: number64, headBytes: count, headHash: count }),
  offset: count.nonnegative(),
});
const bytes = z.base64().transform((text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
const pendingRecord = z.object({
  stream: z.enum(["Stdout", "Stderr"]),
  content: bytes,
  time: bytes,
  seconds: count,
  offsetSafe: count,
  line: count,
  lineOffset: count,
});
const positionValue = place.extend({
  version: z.literal(VERSION),
  pending: z.object({ safe: place, records: z.array(pendingRecord) }).optional(),
});
const headValue = z.object({ version: z.literal(VERSION), owner: z.string(), transaction: count });

/** Who delivers under a transactional id, and how far it has come. Part of each transaction. */
export interface PositionsHead {
  /** Tells one life of an agent from another. */
  readonly owner: string;
  /** The number of the transaction among those of the owner, from 0. */
  readonly transaction: number;
}

/** A record of the head. @param name the transactional id. */
export function headRecord(name: string, head: PositionsHead): KeyedRecord {
  return { key: name, value: JSON.stringify({ version: VERSION, ...head }) };
}

/** A record of a source's position; undefined: it is forgotten. @param name that of the positions, which all keys begin with. */
export function positionRecord(name: string, sourceKey: string, position: Position | undefined): KeyedRecord {
  const key = keyOf(name, sourceKey);
  return { key, value: position === undefined ? null : JSON.stringify(encodePosition(position)) };
}

/** What the key of a source's position is; every source's own has a colon, which no name of a pipeline's head has behind the slash. */
function keyOf(name: string, sourceKey: string): string {
  return `${name}/${sourceKey}`;
}

/** @returns the source that a key is of; undefined where it is of none of these positions. */
export function trySourceKey(name: string, key: string): string | undefined {
  const isOurs = key.startsWith(`${name}/`) && key.includes(":", name.length);
  return isOurs ? key.slice(name.length + 1) : undefined;
}

/** @throws {Error} where it is none. */
export function parsePosition(value: string): Position {
  const { identity, offset, pending } = positionValue.parse(JSON.parse(value));
  return { identity, offset, ...(pending && { pending }) };
}

/** @throws {Error} where it is none. */
export function parseHead(value: string): PositionsHead {
  const { owner, transaction } = headValue.parse(JSON.parse(value));
  return { owner, transaction };
}

function encodePosition({ identity, offset, pending }: Position) {
  if (pending === undefined) return { version: VERSION, identity, offset };
  const records = pending.records.map((record) => ({
    ...record,
    content: encodeBytes(record.content),
    time: encodeBytes(record.time),
  }));
  const { safe } = pending;
  const safePlace = { identity: safe.identity, offset: safe.offset };
  return { version: VERSION, identity, offset, pending: { safe: safePlace, records } };
}

function encodeBytes(content: Uint8Array): string {
  let text = "";
  // In parts: there is a limit to the number of arguments.
  for (let at = 0; at < content.length; at += 8192) {
    text += String.fromCharCode(...content.subarray(at, at + 8192));
  }
  return btoa(text);
}
