/**
 * YAML (and JSON, which is YAML too) → `Tree`. Scalars stay text (the *failsafe*
 * schema), duplicate keys and cyclic anchors are errors, and every problem has its line and column.
 *
 * @module
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from "yaml";
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
  const lines = new LineCounter();
  const documents = tryParseDocuments(text, lines);
  if (documents === undefined) {
    problems.error(shift({ line: 1, column: 1 }), "", "cannot read this as YAML: it is nested too deeply");
    return undefined;
  }
  const reader = new TreeReader(documents, lines, problems, shift);
  if (!reader.checkSyntax()) return undefined;
  return reader.readTree();
}

/** The documents of a text, their scalars as text; undefined where they are nested more deeply than the library has stack for. */
export function tryParseDocuments(text: string, lineCounter: LineCounter): readonly Document.Parsed[] | undefined {
  const options = { schema: "failsafe", lineCounter, uniqueKeys: false, prettyErrors: false } as const;
  try {
    const documents = parseAllDocuments(text, options);
    return Array.isArray(documents) ? documents : [];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Reads one text. */
class TreeReader {
  readonly #lines: LineCounter;
  readonly #documents: readonly Document.Parsed[];
  readonly #problems: ProblemList;
  readonly #shift: PlaceShift;
  readonly #openAliases = new Set<Node>();
  /** What each alias stands for: the last node before it that has the anchor. */
  #targets: ReadonlyMap<Alias, Node> = new Map();
  #nodeCount = 0;

  constructor(documents: readonly Document.Parsed[], lines: LineCounter, problems: ProblemList, shift: PlaceShift) {
    this.#documents = documents;
    this.#lines = lines;
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
    this.#targets = aliasTargets(first);
    const tree = this.#read(first.contents);
    return this.#problems.hasErrors ? undefined : tree;
  }

  #isEmpty(node: Node): boolean {
    return isScalar(node) && node.type === "PLAIN" && node.value === "";
  }

  #read(node: Node | null): Tree {
    const place = this.#placeAt(node?.range?.[0] ?? 0);
    if (++this.#nodeCount > NODES_MAX) return this.#refuseSize(place);
    if (node === null) return nothingAt(place);
    if (isAlias(node)) return this.#readAlias(this.#targets.get(node), node.source, place);
    if (isMap(node)) return this.#readMap(node, place);
    if (isScalar(node)) return { kind: "text", text: String(node.value ?? ""), isPlain: node.type === "PLAIN", place };
    return this.#readList(node, place);
  }

  #readList(node: Node, place: Place): Tree {
    const items = "items" in node ? node.items : [];
    return { kind: "list", items: items.map((item) => this.#read(item as Node | null)), place };
  }

  #readMap(node: YAMLMap, place: Place): MapTree {
    const entries = new Map<string, Entry>();
    for (const pair of node.items) {
      if (this.#nodeCount > NODES_MAX) break;
      const keyTree = this.#read(pair.key as Node | null);
      if (keyTree.kind !== "text") this.#refuse(keyTree.place, `a key must be text, not a ${keyTree.kind}`);
      const key = keyTree.kind === "text" ? keyTree.text : "";
      const earlier = entries.get(key);
      if (earlier) this.#refuse(keyTree.place, `"${key}" was already given on line ${earlier.keyPlace.line}`);
      const value = pair.value === null ? nothingAt(keyTree.place) : this.#read(pair.value as Node);
      entries.set(key, { key, keyPlace: keyTree.place, value });
    }
    return { kind: "map", entries: [...entries.values()], place };
  }

  #readAlias(target: Node | undefined, name: string, place: Place): Tree {
    if (target === undefined) return this.#refuse(place, `there is no anchor &${name} before this`);
    if (this.#openAliases.has(target)) return this.#refuse(place, `the anchor &${name} contains itself`);
    this.#openAliases.add(target);
    const tree = this.#read(target);
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

/** Finds them all in one walk: the library's own way walks through the document for each alias. */
function aliasTargets(document: Document): ReadonlyMap<Alias, Node> {
  const anchored = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Alias: (_key, alias) => {
      const target = anchored.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchored.set(node.anchor, node);
    },
  });
  return targets;
}

function nothingAt(place: Place): Tree {
  return { kind: "text", text: "", isPlain: true, place };
}

function syntaxMessage(code: string, message: string): string {
  if (code === "TAB_AS_INDENT") return "a tab is used as indentation: YAML wants spaces";
  return `cannot read this as YAML: ${message[0].toLowerCase()}${message.slice(1)}`;
}
