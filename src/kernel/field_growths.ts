/**
 * How much larger fields may be in a message than the bytes that they are made of.
 *
 * @module
 */
import type { ColumnField, Field } from "../core/batch.ts";

/** What a byte becomes at most in JSON: `\u00XX`. */
const ESCAPED_BYTES_MAX = 6;
/** What a byte of valid JSON becomes at most as a part of JSON text: `\"`. */
const ESCAPED_JSON_BYTES_MAX = 2;

/** What fields may take in a message. Only the content's parts can be large. */
export interface FieldGrowths {
  /** At most so many times the bytes of the content. */
  readonly ofContent: number;
  /** At most so many times the bytes of each column. */
  readonly ofColumns: readonly (readonly [column: number, times: number])[];
}

/** Finds it out for a list of fields. */
export function growthsOf(fields: readonly Field[]): FieldGrowths {
  const columns = fields.filter((field) => "column" in field && (field.escape || field.isJsonText));
  const growths = (columns as readonly ColumnField[]).map(({ column, isJsonText }) => {
    const [ofContent, ofOwn] = isJsonText ? [ESCAPED_JSON_BYTES_MAX, 1] : [ESCAPED_BYTES_MAX, ESCAPED_BYTES_MAX];
    return { ofContent, ofColumn: [column, ofOwn] as const };
  });
  return {
    ofContent: growths.reduce((sum, { ofContent }) => sum + ofContent, 0),
    ofColumns: growths.map(({ ofColumn }) => ofColumn),
  };
}
