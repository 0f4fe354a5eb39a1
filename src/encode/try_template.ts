/**
 * Templates out of texts and pieces: neighbouring texts are one constant.
 *
 * @module
 */
import { TEMPLATE_BYTES_MAX } from "../kernel/layout.ts";
import { Template, type TemplatePiece } from "../kernel/template.ts";

/** More than the kernel needs for a piece beside its bytes. */
const PIECE_BYTES_MAX = 16;

/** @returns undefined where the constants are larger than the kernel has room for. */
export function tryTemplate(pieces: readonly (string | TemplatePiece)[]): Template | undefined {
  const merged = mergeConstants(pieces);
  const bytes = merged.map((piece) => PIECE_BYTES_MAX + (piece.kind === "constant" ? piece.bytes.length : 0));
  const total = bytes.reduce((sum, some) => sum + some, 0);
  return total > TEMPLATE_BYTES_MAX ? undefined : new Template(merged);
}

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
