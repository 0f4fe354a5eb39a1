/**
 * The shapes of JSON objects that a kernel has seen (`../assembly/json_shapes.ts`): the memory of one scanner, and what a shape says in
 * names. A shape is the number of a node in a tree of members; the way from the root to it is an object from brace to brace.
 *
 * @module
 */

/** Words of a scanner's head, counted in words. */
const HEAD = {
  depthMax: 0,
  columnsMax: 1,
  stack: 2,
  arenaEnd: 3,
  nodes: 4,
  nodesEnd: 5,
  nodeNext: 6,
  namesEnd: 7,
  nameNext: 8,
  isNative: 9,
} as const;
const HEAD_BYTES = Object.keys(HEAD).length * 4;

/**
 * A node's words: its kind, where its name and the character behind it are, their size, first child, next sibling and parent; what
 * follows is the kernel's own.
 */
const NODE_BYTES = 64;
const [KIND, NAME, NAME_BYTES, PARENT] = [0, 1, 2, 5];
const [LEAF, OPEN] = [0, 1];

const NODES_MAX = 4096;
const NAMES_BYTES_MAX = 64 * 1024;

/** The room that a tree needs, in bytes. */
export const SHAPE_TREE_BYTES = HEAD_BYTES + NODES_MAX * NODE_BYTES + NAMES_BYTES_MAX;

/** What a scanner is told. */
export interface ShapeTreeOptions {
  /** Objects of this level are one value; 0: none. */
  readonly depthMax: number;
  /** Columns that there are for values. */
  readonly columnsMax: number;
  /** Where the kernel may write while it looks at a value: `LEVELS_MAX` of `../assembly/json_text.ts`, in bytes. */
  readonly stack: number;
  readonly arenaEnd: number;
  /** Whether names are as JSON has them, and not as they are. */
  readonly hasJsonNames: boolean;
  /** Whether values are written as the original's native parser does it; see `../assembly/json_native.ts`. */
  readonly isNative: boolean;
}

/** The names that lead to a value, from the outermost object on. */
export type ValuePath = readonly string[];

/** The tree of one scanner. */
export class ShapeTree {
  /** By which the kernel knows it. */
  readonly address: number;
  readonly #memory: Uint8Array;
  readonly #words: DataView;
  readonly #hasJsonNames: boolean;

  /** @param address where there are `SHAPE_TREE_BYTES`; a multiple of 4. */
  constructor(memory: Uint8Array, address: number, options: ShapeTreeOptions) {
    const { depthMax, columnsMax, stack, arenaEnd } = options;
    const isNative = options.isNative ? 1 : 0;
    this.#hasJsonNames = options.hasJsonNames;
    this.address = address;
    this.#memory = memory;
    this.#words = new DataView(memory.buffer);
    const nodes = address + HEAD_BYTES;
    const nodesEnd = nodes + NODES_MAX * NODE_BYTES;
    const namesEnd = nodesEnd + NAMES_BYTES_MAX;
    const words = { depthMax, columnsMax, stack, arenaEnd, nodes, nodesEnd, namesEnd, isNative };
    for (const [word, value] of Object.entries(words)) this.#setHead(word as keyof typeof HEAD, value);
    this.forget();
  }

  /** Forgets all shapes. */
  forget(): void {
    const nodes = this.#head("nodes");
    this.#memory.fill(0, nodes, nodes + NODE_BYTES);
    this.#setHead("nodeNext", nodes + NODE_BYTES);
    this.#setHead("nameNext", this.#head("nodesEnd"));
  }

  /** The values of a shape, in the order of the text. */
  valuesOf(shape: number): readonly ValuePath[] {
    const values: ValuePath[] = [];
    const path: string[] = [];
    for (const node of this.#wayTo(shape)) {
      const kind = this.#word(node, KIND);
      if (kind === LEAF) values.push([...path, this.#nameOf(node)]);
      else if (kind === OPEN) path.push(this.#nameOf(node));
      else path.pop();
    }
    return values;
  }

  #wayTo(shape: number): number[] {
    const root = this.#head("nodes");
    const way: number[] = [];
    for (let node = root + shape * NODE_BYTES; node !== root; node = this.#word(node, PARENT)) way.push(node);
    return way.reverse();
  }

  /** The kernel has seen to it that a name is as JSON has it. */
  #nameOf(node: number): string {
    const start = this.#word(node, NAME);
    const bytes = this.#memory.subarray(start, start + this.#word(node, NAME_BYTES));
    const name = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    return this.#hasJsonNames ? String(JSON.parse(`"${name}`)) : name.slice(0, -1);
  }

  #word(node: number, word: number): number {
    return this.#words.getUint32(node + word * 4, true);
  }

  #head(word: keyof typeof HEAD): number {
    return this.#words.getUint32(this.address + HEAD[word] * 4, true);
  }

  #setHead(word: keyof typeof HEAD, value: number): void {
    this.#words.setUint32(this.address + HEAD[word] * 4, value, true);
  }
}
