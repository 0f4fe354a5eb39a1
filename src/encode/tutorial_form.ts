/**
 * The message form of the original's tutorial and of its `flusher_stdout`: `{"Time":…,"Contents":[{"Key":…,"Value":…},…]}`, fields in
 * record order, time in whole seconds
 * (https://github.com/alibaba/ilogtail/blob/main/docs/en/getting-started/k8s-daemonset-to-kafka.md).
 *
 * @module
 */
import type { Field } from "../core/batch.ts";
import { Template, type TemplatePiece } from "../kernel/template.ts";

/** Makes the template of records with `fields`. */
export function tutorialTemplate(fields: readonly Field[]): Template {
  const pieces: (string | TemplatePiece)[] = ['{"Time":', { kind: "seconds" }, ',"Contents":['];
  fields.forEach((field, index) => {
    pieces.push(`${index === 0 ? "" : ","}{"Key":${JSON.stringify(field.name)},"Value":`, ...valuePieces(field), "}");
  });
  pieces.push("]}");
  return new Template(mergeConstants(pieces));
}

function valuePieces(field: Field): (string | TemplatePiece)[] {
  if ("text" in field) return [toJsonString(field.text)];
  return ['"', { kind: field.escape ? "escaped" : "verbatim", column: field.column }, '"'];
}

/** Lone surrogates become U+FFFD, as everywhere. */
function toJsonString(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/** Joins neighbouring texts into one constant each. */
function mergeConstants(pieces: readonly (string | TemplatePiece)[]): TemplatePiece[] {
  const merged: TemplatePiece[] = [];
  let text = "";
  const close = () => {
    if (text !== "") merged.push({ kind: "constant", bytes: new TextEncoder().encode(text) });
    text = "";
  };
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else {
      close();
      merged.push(piece);
    }
  }
  close();
  return merged;
}
