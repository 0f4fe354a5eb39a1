/**
 * The files of one source that have no name any more and are not read to their end: only the agent keeps them on the disk. Decides nothing.
 *
 * @module
 */
import type { OpenFile, ReadableFiles } from "../core/env.ts";
import type { Position } from "../core/position.ts";
import { tryFindCompressed, tryOpenRotated } from "./compressed_siblings.ts";
import { identify } from "./identity.ts";
import type { NextFile } from "./next_file.ts";
import type { OpenedFile } from "./opened_file.ts";
import { rotatedFiles } from "./siblings.ts";

/** A file whose bytes are free as soon as it is closed. */
export interface DeletedFile {
  /** One that waits for its turn; undefined: the one in hand. */
  readonly file?: OpenFile;
  readonly device: number;
  readonly modifiedMs: number;
  /** What it takes on the disk. */
  readonly diskBytes: number;
  readonly unreadBytes: number;
  /** Where reading would go on. */
  readonly position: Position;
}

/** @param inHand what is being read. @param waiting what comes after it, in order. */
export function deletedFiles(inHand: OpenedFile | undefined, waiting: readonly NextFile[]): DeletedFile[] {
  const first = inHand?.isOpen && inHand.isDeleted() ? [ofFileInHand(inHand)] : [];
  return [...first, ...waiting.filter(({ file }) => file.isDeleted()).map(ofWaitingFile)];
}

/** Opens what a deleted file was compressed to, to be read from the same place; undefined where there is none. */
export function tryCompressed(position: Position, path: string, files: ReadableFiles): NextFile | undefined {
  const found = tryFindCompressed(position, rotatedFiles(path, files), files);
  const file = found && tryOpenRotated(found, files);
  return file && { file, isPast: true, offset: position.offset };
}

function ofFileInHand(inHand: OpenedFile): DeletedFile {
  const { device, size, modifiedMs } = inHand.stat();
  const unreadBytes = Math.max(0, size - inHand.offset);
  return { device, modifiedMs, diskBytes: size, unreadBytes, position: inHand.positionAt(inHand.offset) };
}

function ofWaitingFile({ file, offset = 0 }: NextFile): DeletedFile {
  const { device, size, modifiedMs } = file.stat();
  const position = { identity: identify(file), offset };
  return { file, device, modifiedMs, diskBytes: size, unreadBytes: Math.max(0, size - offset), position };
}
