/**
 * The walk-through's message form (`tutorial_form.ts`) of a record that is text already: the same bytes as the template gives for
 * the same fields.
 *
 * @module
 */
import type { LogRecord, RecordField } from "../core/record.ts";

/** @returns `{"Time":…,"Contents":[{"Key":…,"Value":…},…]}`. Lone surrogates become U+FFFD, as everywhere. */
export function tutorialText({ seconds, fields }: LogRecord): string {
  return `{"Time":${seconds},"Contents":[${fields.map(fieldText).join(",")}]}`;
}

function fieldText({ name, value }: RecordField): string {
  return `{"Key":${JSON.stringify(name.toWellFormed())},"Value":${JSON.stringify(value.toWellFormed())}}`;
}
