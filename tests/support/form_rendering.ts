/**
 * Messages of a form both ways: rendered by a real kernel from rows that it has decoded, and made of the same rows as text.
 *
 * @module
 */
import { invariant } from "../../src/core/assert.ts";
import type { Batch, Field } from "../../src/core/batch.ts";
import type { LogRecord } from "../../src/core/record.ts";
import type { MessageForm } from "../../src/deliver/message_form.ts";
import type { Kernel } from "../../src/kernel/kernel.ts";
import { recordTexts } from "../../src/kernel/record_texts.ts";
import type { Template } from "../../src/kernel/template.ts";
import { NGINX_SOURCE } from "./kernel.ts";

/** Rows of a kernel as records with `fields`; column 0 is the content, column 1 the time, column 2 the stream. */
export function decodeLogLines(kernel: Kernel, lines: Uint8Array, fields: readonly Field[]): Batch {
  kernel.chunk.set(lines);
  const rows = kernel.decodeContainerLog(lines.length, 3);
  const offsetEnd = lines.length;
  return { source: NGINX_SOURCE, rows, fields, offsetStart: 0, offsetEnd, offsetSafe: offsetEnd };
}

/** Messages as the kernel renders them. */
export async function renderMessages(kernel: Kernel, template: Template, rows: number): Promise<Uint8Array[]> {
  const messages: Uint8Array[] = [];
  for (let row = 0; row < rows;) {
    const slot = await kernel.takeSlot(() => 0);
    row = kernel.renderRecords(template, row, rows, slot);
    for (const message of slot.messages()) messages.push(message.slice());
    slot.release();
  }
  return messages;
}

/** The messages of a batch both ways, and its records. The form has a template of these fields. */
export async function bothWays(
  kernel: Kernel,
  form: MessageForm,
  batch: Batch,
): Promise<{ rendered: Uint8Array[]; made: Uint8Array[]; records: LogRecord[] }> {
  const template = form.template(batch.fields);
  invariant(template !== undefined, "the form has no template");
  const rendered = await renderMessages(kernel, template, batch.rows);
  const records = recordTexts(kernel, batch);
  return { rendered, made: records.map((record) => messageBytes(form, record)), records };
}

/** The message of a record that is text, in bytes. */
export function messageBytes(form: MessageForm, record: LogRecord): Uint8Array {
  const message = form.message(record);
  return typeof message === "string" ? new TextEncoder().encode(message) : message;
}
