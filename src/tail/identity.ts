/**
 * Who a file is, whatever its name: device, inode and a checksum of its first bytes. Inodes are reused after a deletion and rotated
 * files keep theirs under another name; only both together tell.
 *
 * @module
 */
import type { OpenFile, ReadableFiles } from "../core/env.ts";
import type { FileIdentity } from "../core/position.ts";

/** How many first bytes identify a file at most. */
export const HEAD_BYTES_MAX = 1024;

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
function hashHead(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193);
  return hash >>> 0;
}

/** Heads are read often, and looked at only until the next one is. */
const headBuffer = new Uint8Array(HEAD_BYTES_MAX);

function readHead(file: OpenFile, bytesMax: number): Uint8Array {
  const head = headBuffer.subarray(0, bytesMax);
  let size = 0;
  while (size < bytesMax) {
    const more = file.readAt(size, head.subarray(size));
    if (more === 0) break;
    size += more;
  }
  return head.subarray(0, size);
}

/** Identifies an open file by what it holds now; a file shorter than the head is identified by what there is. */
export function identify(file: OpenFile): FileIdentity {
  const { device, inode } = file.stat();
  const head = readHead(file, HEAD_BYTES_MAX);
  return { device, inode, headBytes: head.length, headHash: hashHead(head) };
}

/** Tells whether `file` is the one that `identity` was made from, grown since or not. */
export function isSameFile(identity: FileIdentity, file: OpenFile): boolean {
  const { device, inode } = file.stat();
  return device === identity.device && inode === identity.inode && hasSameHead(identity, file);
}

/** Tells whether `file` begins as the one that `identity` was made from: it may be a copy. */
export function hasSameHead(identity: FileIdentity, file: OpenFile): boolean {
  const head = readHead(file, identity.headBytes);
  return head.length === identity.headBytes && hashHead(head) === identity.headHash;
}

/** Tells whether the file at `path` is the one that `identity` was made from. */
export function isFileAt(path: string, identity: FileIdentity, files: ReadableFiles): boolean {
  const file = files.tryOpen(path);
  try {
    return file !== undefined && isSameFile(identity, file);
  } finally {
    file?.close();
  }
}
