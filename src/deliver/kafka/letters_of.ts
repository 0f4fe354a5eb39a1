/**
 * Records that a broker refuses, as dead letters.
 *
 * @module
 */
import { recordsIn } from "../../kernel/records.ts";
import type { Undeliverable } from "../dead_letters.ts";
import type { RecordsOrigin } from "./open_batches.ts";

/** The letters of encoded records. @param origins of each of them. */
export function lettersOf(records: Uint8Array, origins: Iterator<RecordsOrigin>): Undeliverable[] {
  return recordsIn(records, 0, records.length).map(({ key, value }): Undeliverable => {
    const { value: origin } = origins.next();
    const keyText = key && new TextDecoder().decode(key);
    return { message: value, ...(keyText !== undefined && { key: keyText }), ...(origin && { origin }) };
  }).toArray();
}

/** The origin of each record of a batch, but for the first `done`. */
export function* originsFrom(origins: readonly RecordsOrigin[], done: number): Generator<RecordsOrigin, undefined> {
  let passed = 0;
  for (const origin of origins) {
    const first = Math.max(0, done - passed);
    for (let count = first; count < origin.records; count++) yield origin;
    passed += origin.records;
  }
}
