/**
 * Pieces of a value for which there are no more names: kept in one field, or in numbered ones.
 *
 * @module
 */
import type { LogRecord, RecordField } from "../core/record.ts";

/** The one field that keeps what splitting leaves over, as in the original. */
export const SPLIT_SURPLUS_NAME = "_split_preserve_";

/** What becomes of them. */
export interface SurplusOptions {
  /** Whether they are kept at all. */
  readonly preserveOthers: boolean;
  /** Whether each has a field of its own, named by the prefix and its number from 1 on. */
  readonly expandOthers: boolean;
  readonly expandKeyPrefix: string;
}

/** Adds the surplus pieces of a record's field. @param together what they are as one field. */
export function addSurplus(
  record: LogRecord,
  pieces: readonly string[],
  { preserveOthers, expandOthers, expandKeyPrefix }: SurplusOptions,
  together: (pieces: readonly string[]) => RecordField,
): void {
  if (!preserveOthers || pieces.length === 0) return;
  if (!expandOthers) record.fields.push(together(pieces));
  else pieces.forEach((value, index) => record.fields.push({ name: `${expandKeyPrefix}${index + 1}`, value }));
}
