/**
 * The shapes of objects: the names of their members in order, as a tree. Each node is a member, or the end of an object, and the way to
 * it says what came before; so records with the same names in the same order end at the same node. Its words are described in
 * `../json/json_shapes.ts`, which lays it out.
 */

// The head of a scanner.
export const DEPTH_MAX: usize = 0;
export const COLUMNS_MAX: usize = 4;
export const STACK: usize = 8;
export const ARENA_END: usize = 12;
const NODES: usize = 16;
const NODES_END: usize = 20;
const NODE_NEXT: usize = 24;
const NAMES_END: usize = 28;
const NAME_NEXT: usize = 32;
/** Whether values are written as the native parser does it (`json_native.ts`). */
export const NATIVE: usize = 36;

// A node.
export const KIND: usize = 0;
export const NAME: usize = 4;
export const NAME_BYTES: usize = 8;
/** The node that a member behind this one is most likely: the first of its children. */
export const CHILD: usize = 12;
const SIBLING: usize = 16;
const PARENT: usize = 20;
/** What the text had from the end of what is before up to the value, when that was last looked at: its size, and the bits of the first bytes. */
export const HEAD_BYTES: usize = 24;
export const HEAD_MASK: usize = 28;
export const HEAD: usize = 32;
const NODE_BYTES: usize = 64;

/** A member with a value that becomes a column. */
export const LEAF: u32 = 0;
/** A member whose object's members come next. */
export const OPEN: u32 = 1;
/** The end of an object. */
export const CLOSE: u32 = 2;

/** More names that may come behind the same are data, and no shape. */
const SIBLINGS_MAX: i32 = 64;
/** Names are compared so many bytes at a time. */
const WIDE_BYTES: usize = 16;
/** Longer heads are not kept. */
const HEAD_BYTES_MAX: usize = 32;
/** A bit that no sixteen bytes have: there is no head. */
const NO_HEAD: u32 = 0x10000;

// @ts-ignore: decorator
@inline
export function rootOf(scanner: usize): usize {
  return <usize>load<u32>(scanner, NODES);
}

/** The number of a node. */
// @ts-ignore: decorator
@inline
export function numberOf(scanner: usize, node: usize): i32 {
  return <i32>((node - rootOf(scanner)) / NODE_BYTES);
}

/** @returns the size of a node's name, its closing quote included, where it stands at `at`; 0 where it does not. */
// @ts-ignore: decorator
@inline
export function nameAt(node: usize, at: usize, end: usize): usize {
  const size = <usize>load<u32>(node, NAME_BYTES);
  return at + size <= end && areSame(<usize>load<u32>(node, NAME), at, size) ? size : 0;
}

// @ts-ignore: decorator
@inline
function areSame(name: usize, at: usize, size: usize): bool {
  while (size > WIDE_BYTES) {
    if (i8x16.bitmask(i8x16.ne(v128.load(name), v128.load(at))) != 0) return false;
    name += WIDE_BYTES;
    at += WIDE_BYTES;
    size -= WIDE_BYTES;
  }
  const others = i8x16.bitmask(i8x16.ne(v128.load(name), v128.load(at)));
  return (others & ((1 << <i32>size) - 1)) == 0;
}

/**
 * Finds or makes the child of a node.
 *
 * @param name the member's name and its closing quote, as written: `size` bytes; of the end of an object, none.
 * @returns the node; 0 where there is no room for another.
 */
export function childOf(scanner: usize, parent: usize, kind: u32, name: usize, size: usize): usize {
  let before: usize = 0;
  let siblings = 0;
  for (let node = <usize>load<u32>(parent, CHILD); node != 0; node = <usize>load<u32>(node, SIBLING)) {
    if (load<u32>(node, KIND) == kind && load<u32>(node, NAME_BYTES) == <u32>size) {
      if (areSame(<usize>load<u32>(node, NAME), name, size)) {
        if (before != 0) {
          // What was seen last comes first.
          store<u32>(before, load<u32>(node, SIBLING), SIBLING);
          store<u32>(node, load<u32>(parent, CHILD), SIBLING);
          store<u32>(parent, <u32>node, CHILD);
        }
        return node;
      }
    }
    before = node;
    siblings++;
  }
  return siblings == SIBLINGS_MAX ? 0 : makeNode(scanner, parent, kind, name, size);
}

function makeNode(scanner: usize, parent: usize, kind: u32, name: usize, size: usize): usize {
  const node = <usize>load<u32>(scanner, NODE_NEXT);
  const kept = <usize>load<u32>(scanner, NAME_NEXT);
  if (node + NODE_BYTES > <usize>load<u32>(scanner, NODES_END)) return 0;
  if (kept + size + WIDE_BYTES > <usize>load<u32>(scanner, NAMES_END)) return 0;
  store<u32>(scanner, <u32>(node + NODE_BYTES), NODE_NEXT);
  store<u32>(scanner, <u32>(kept + size), NAME_NEXT);
  memory.copy(kept, name, size);
  store<u32>(node, kind, KIND);
  store<u32>(node, <u32>kept, NAME);
  store<u32>(node, <u32>size, NAME_BYTES);
  store<u32>(node, 0, CHILD);
  store<u32>(node, NO_HEAD, HEAD_MASK);
  store<u32>(node, load<u32>(parent, CHILD), SIBLING);
  store<u32>(node, <u32>parent, PARENT);
  store<u32>(parent, <u32>node, CHILD);
  return node;
}

/** Keeps the head of a member or of an object's end, which stands in [start, end). */
export function keepHead(node: usize, start: usize, end: usize): void {
  const size = end - start;
  if (size > HEAD_BYTES_MAX) return;
  v128.store(node, v128.load(start), HEAD);
  v128.store(node, v128.load(start, 16), HEAD + 16);
  store<u32>(node, <u32>size, HEAD_BYTES);
  store<u32>(node, size < WIDE_BYTES ? (1 << <u32>size) - 1 : 0xffff, HEAD_MASK);
}

/** Whether the head of a node stands at `at`. Reads up to 31 bytes beyond. */
// @ts-ignore: decorator
@inline
export function isHeadAt(node: usize, at: usize): bool {
  const others = ~i8x16.bitmask(i8x16.eq(v128.load(node, HEAD), v128.load(at)));
  if ((others & load<u32>(node, HEAD_MASK)) != 0) return false;
  const size = load<u32>(node, HEAD_BYTES);
  if (size <= <u32>WIDE_BYTES) return true;
  const behind = ~i8x16.bitmask(i8x16.eq(v128.load(node, HEAD + 16), v128.load(at, 16)));
  return (behind & ((1 << (size - <u32>WIDE_BYTES)) - 1)) == 0;
}
