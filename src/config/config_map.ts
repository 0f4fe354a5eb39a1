/**
 * Kubernetes manifests as a source of pipelines: every pipeline file under `data` of a ConfigMap becomes a text of its own,
 * whose problems still carry the manifest's lines. Only for checking; the running agent sees mounted files.
 *
 * @module
 */
import { isMap, isScalar, LineCounter, Scalar, type YAMLMap } from "yaml";
import type { ConfigText } from "./load.ts";
import { tryStem } from "./load.ts";
import { type PlaceShift, tryParseDocuments } from "./parse.ts";

/**
 * Replaces a Kubernetes manifest by the pipelines that its ConfigMaps hold (perhaps none).
 *
 * @returns the text itself when it is no manifest.
 */
export function expandManifest(source: ConfigText): readonly ConfigText[] {
  const lines = new LineCounter();
  const contents = tryParseDocuments(source.text, lines)?.map((document): unknown => document.contents) ?? [];
  const roots = contents.filter((root): root is YAMLMap => isMap(root));
  if (!roots.some(isManifest)) return [source];
  return roots.filter((root) => root.get("kind") === "ConfigMap").flatMap((root) => pipelinesIn(root, source, lines));
}

function isManifest(root: YAMLMap): boolean {
  return root.has("apiVersion") && root.has("kind");
}

function pipelinesIn(root: YAMLMap, source: ConfigText, lines: LineCounter): ConfigText[] {
  const data = root.get("data");
  if (!isMap(data)) return [];
  return data.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? tryStem(String(key.value)) : undefined;
    if (name === undefined || !isScalar(value)) return [];
    const shift = shiftInto(value, source.text, lines);
    return [{ path: source.path, name, text: String(value.value), shift }];
  });
}

/** A literal block (`|`) keeps its lines, indented, below its header; other scalars are folded, so their start must do. */
function shiftInto(value: Scalar, text: string, lines: LineCounter): PlaceShift {
  const start = value.range?.[0] ?? 0;
  const header = lines.linePos(start);
  if (value.type !== Scalar.BLOCK_LITERAL) return () => ({ line: header.line, column: header.col });
  const indentation = blockIndentation(text.slice(start));
  return ({ line, column }) => ({ line: header.line + line, column: column + indentation });
}

/** @returns the indentation of the first line with text after the block's header. */
function blockIndentation(block: string): number {
  const [, ...content] = block.split("\n");
  const first = content.find((line) => line.trim() !== "") ?? "";
  return first.length - first.trimStart().length;
}
