/**
 * YAML (and JSON, which is YAML too) → `Tree`. Scalars stay text (the *failsafe*
 * schema), duplicate keys and cyclic anchors are errors, and every problem has its line and column.
 *
 * @module
 */
import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, parseAllDocuments, type YAMLMap } from "yaml";
import type { ProblemList } from "./problem.ts";
import type { Entry, MapTree, Place, Tree } from "./tree.ts";

/** Moves a place of the parsed text to where that text stands in its file (a ConfigMap holds files within a file). */
export type PlaceShift = (place: Place) => Place;

/** Nodes that one file may have once its aliases are written out: far above any honest file, far below exhaustion. */
const NODES_MAX = 100_000;

/**
 * Reads the one document of a file.
 *
 * @returns undefined when it is broken, empty or more than one; `problems` then says why.
 */
export function tryParseTree(
  text: string,
  problems: ProblemList,
  shift: PlaceShift = (place) => place,
): Tree | undefined {
  const reader = new TreeReader(text, problems, shift);
  if (!reader.checkSyntax()) return undefined;
  return reader.readTree();
}

/** Reads one text. */
class TreeReader {
  readonly #lines = new LineCounter();
  readonly #documents: readonly Document.Parsed[];
  readonly #problems: ProblemList;
  readonly #shift: PlaceShift;
  readonly #openAliases = new Set<Node>();
  #nodeCount = 0;

  constructor(text: string, problems: ProblemList, shift: PlaceShift) {
    const options = { schema: "failsafe", lineCounter: this.#lines, uniqueKeys: false, prettyErrors: false } as const;
    const documents = parseAllDocuments(text, options);
    this.#documents = Array.isArray(documents) ? documents : [];
    this.#problems = problems;
    this.#shift = shift;
  }

  /** Reports the syntax errors, one a line: those that follow on the same line are mostly its echo. */
  checkSyntax(): boolean {
    const errors = this.#documents.flatMap((document) => document.errors);
    const lines = new Set<number>();
    for (const error of errors) {
      const place = this.#placeAt(error.pos[0]);
      if (!lines.has(place.line)) this.#problems.error(place, "", syntaxMessage(error.code, error.message));
      lines.add(place.line);
    }
    return errors.length === 0;
  }

  readTree(): Tree | undefined {
    const [first, second] = this.#documents;
    if (second !== undefined) {
      this.#problems.error(
        this.#placeAt(second.range[0]),
        "",
        "one file is one pipeline: a second document begins here",
      );
      return undefined;
    }
    if (first?.contents == null || this.#isEmpty(first.contents)) {
      this.#problems.error(this.#shift({ line: 1, column: 1 }), "", "the file is empty");
      return undefined;
    }
    const tree = this.#read(first.contents, first);
    return this.#problems.hasErrors ? undefined : tree;
  }

  #isEmpty(node: Node): boolean {
    return isScalar(node) && node.type === "PLAIN" && node.value === "";
  }

  #read(node: Node | null, document: Document): Tree {
    const place = this.#placeAt(node?.range?.[0] ?? 0);
    if (++this.#nodeCount > NODES_MAX) return this.#refuseSize(place);
    if (node === null) return nothingAt(place);
    if (isAlias(node)) return this.#readAlias(node.resolve(document), node.source, place, document);
    if (isMap(node)) return this.#readMap(node, place, document);
    if (isScalar(node)) return { kind: "text", text: String(node.value ?? ""), isPlain: node.type === "PLAIN", place };
    return this.#readList(node, place, document);
  }

  #readList(node: Node, place: Place, document: Document): Tree {
    const items = "items" in node ? node.items : [];
    return { kind: "list", items: items.map((item) => this.#read(item as Node | null, document)), place };
  }

  #readMap(node: YAMLMap, place: Place, document: Document): MapTree {
    const entries = new Map<string, Entry>();
    for (const pair of node.items) {
      if (this.#nodeCount > NODES_MAX) break;
      const keyTree = this.#read(pair.key as Node | null, document);
      if (keyTree.kind !== "text") this.#refuse(keyTree.place, `a key must be text, not a ${keyTree.kind}`);
      const key = keyTree.kind === "text" ? keyTree.text : "";
      const earlier = entries.get(key);
      if (earlier) this.#refuse(keyTree.place, `"${key}" was already given on line ${earlier.keyPlace.line}`);
      const value = pair.value === null ? nothingAt(keyTree.place) : this.#read(pair.value as Node, document);
      entries.set(key, { key, keyPlace: keyTree.place, value });
    }
    return { kind: "map", entries: [...entries.values()], place };
  }

  #readAlias(target: Node | undefined, name: string, place: Place, document: Document): Tree {
    if (target === undefined) return this.#refuse(place, `there is no anchor &${name} before this`);
    if (this.#openAliases.has(target)) return this.#refuse(place, `the anchor &${name} contains itself`);
    this.#openAliases.add(target);
    const tree = this.#read(target, document);
    this.#openAliases.delete(target);
    return tree;
  }

  #refuseSize(place: Place): Tree {
    const isFirst = this.#nodeCount === NODES_MAX + 1;
    return isFirst ? this.#refuse(place, `larger than ${NODES_MAX} values, aliases written out`) : nothingAt(place);
  }

  #refuse(place: Place, message: string): Tree {
    this.#problems.error(place, "", message);
    return nothingAt(place);
  }

  #placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return this.#shift({ line, column: col });
  }
}

function nothingAt(place: Place): Tree {
  return { kind: "text", text: "", isPlain: true, place };
}

function syntaxMessage(code: string, message: string): string {
  if (code === "TAB_AS_INDENT") return "a tab is used as indentation: YAML wants spaces";
  return `cannot read this as YAML: ${message[0].toLowerCase()}${message.slice(1)}`;
}
