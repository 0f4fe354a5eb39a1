/**
 * A batch's rows as records of text, for what works on texts and not on bytes. Costs strings and an object per field.
 *
 * @module
 */
import { type Batch, type Field, runsOf } from "../core/batch.ts";
import type { LogRecord, RecordField } from "../core/record.ts";
import type { Kernel } from "./kernel.ts";
import type { KernelColumns } from "./kernel_columns.ts";

// A byte order mark is a part of the text, as it is for the kernel.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Reads all rows of a batch that `kernel` has just decoded. Bytes that are no UTF-8 become U+FFFD, as in messages. */
export function recordTexts(kernel: Kernel, batch: Batch): LogRecord[] {
  return runsOf(batch).flatMap(({ fields, rowFrom, rowTo }) =>
    Array.from({ length: rowTo - rowFrom }, (_, index) => ({
      seconds: kernel.seconds(rowFrom + index),
      fields: fields.map((field) => textField(kernel.columns, field, rowFrom + index)),
    }))
  );
}

/** Reads one field of one row. */
export function textField(columns: Pick<KernelColumns, "slice">, field: Field, row: number): RecordField {
  if ("text" in field) return { name: field.name, value: field.text };
  const written = decoder.decode(columns.slice(field.column, row));
  const isEscaped = field.isJsonText && written.includes("\\");
  return { name: field.name, value: isEscaped ? String(JSON.parse(`"${written}"`)) : written };
}
