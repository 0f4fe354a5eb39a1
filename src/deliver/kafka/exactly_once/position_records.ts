/**
 * Positions as records of the positions topic: which key is whose, and JSON for what there is to know of a source, and of the transactional id
 * as a whole.
 *
 * @module
 */
import * as z from "zod";
import type { Position } from "../../../core/position.ts";
import { encodeRecords, placeSchema, recordsSchema } from "../../../core/position_json.ts";
import type { KeyedRecord } from "./memory_batch.ts";

const VERSION = 1;

const count = z.number().int();
const positionValue = placeSchema.extend({
  version: z.literal(VERSION),
  pending: z.object({ safe: placeSchema, records: recordsSchema }).optional(),
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
  const records = encodeRecords(pending.records);
  const { safe } = pending;
  const safePlace = { identity: safe.identity, offset: safe.offset };
  return { version: VERSION, identity, offset, pending: { safe: safePlace, records } };
}
