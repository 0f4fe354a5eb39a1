/**
 * One batch of a fuzz case for processors that make columns: decoded, looked at, rendered, with the kernel's memory watched.
 *
 * @module
 */
import type { Batch, Field, RowRun } from "../../src/core/batch.ts";
import { MessageRowsMaker } from "../../src/deliver/message_rows.ts";
import { tutorialForm } from "../../src/encode/tutorial_form.ts";
import { NGINX_SOURCE } from "../support/kernel.ts";
import type { GuardedKernel, RegionName } from "./guarded_kernel.ts";

/** What may be written while columns are made. */
export const MAKING_COLUMNS: readonly RegionName[] = [
  "own",
  "state",
  "columns",
  "shapes",
  "captures",
  "patterns",
  "arena",
];
const RENDERING: readonly RegionName[] = [
  "own",
  "state",
  "texts",
  "columns",
  "template",
  "envelope",
  "slot 0",
  "slot 1",
];
const FIELDS: readonly Field[] = [{ name: "content", column: 0, escape: true }];

/** Decodes lines; the field is `content`. */
export function decodeLines(guarded: GuardedKernel, lines: Uint8Array): Batch {
  const size = Math.min(lines.length, guarded.layout.chunkBytes);
  guarded.place(lines.subarray(0, size));
  const rows = guarded.kernel.decodeLines(size);
  guarded.settle();
  return { source: NGINX_SOURCE, rows, fields: FIELDS, offsetStart: 0, offsetEnd: size, offsetSafe: size };
}

/** Checks that values lie where they may. */
export function checkValues(guarded: GuardedKernel, runs: readonly RowRun[]): void {
  for (const { fields, rowFrom, rowTo } of runs) {
    for (const field of fields) if ("column" in field) guarded.checkMade(rowFrom, rowTo, field.column);
  }
}

/** Renders everything that is left of a batch. @returns the messages, without those that are too long. */
export async function render(guarded: GuardedKernel, batch: Batch): Promise<string[]> {
  const { kernel } = guarded;
  const messages: string[] = [];
  const portions = new MessageRowsMaker(kernel, tutorialForm()).rowsOf(batch, () => {});
  for (const { template, rowFrom, rowTo } of portions) {
    for (let row = rowFrom; row < rowTo;) {
      const slot = await kernel.takeSlot(() => 0);
      row = guarded.watch(RENDERING, () => kernel.renderRecords(template, row, rowTo, slot));
      for (const message of slot.messages()) messages.push(new TextDecoder().decode(message));
      slot.release();
    }
  }
  // Texts are placed between the portions, also those that turn out too long.
  guarded.watch(RENDERING, () => {});
  return messages;
}
