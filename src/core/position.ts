/**
 * Where reading of a source stands: in which file, and how far.
 *
 * @module
 */

/**
 * What identifies a file beyond its name: device and inode, and a checksum of its first bytes, because inodes are reused and
 * rotated files move.
 */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  /** How many first bytes the checksum covers; 0 for a file that was empty. */
  readonly headBytes: number;
  /** FNV-1a (32 bits) of these bytes. */
  readonly headHash: number;
}

/** A place in a source. */
export interface Position {
  readonly identity: FileIdentity;
  /** Bytes from the file's beginning; at a line's edge, except inside a line that was too long and cut. */
  readonly offset: number;
  /**
   * What was read before this place and is not handed out yet. Undefined: nothing is, or reading begins before all of it. With it, going on
   * here neither loses nor repeats a record, whatever the other stream has handed out meanwhile.
   */
  readonly pending?: PendingPart;
}

/** What a decoder goes on with. */
export interface PendingPart {
  /** Where whoever does not know the records begins. */
  readonly safe: Position;
  /** At least one; at most one of each stream. */
  readonly records: readonly PendingRecord[];
}

/** The beginning of a record: pieces of a line, or lines of a record of several. Its bytes never change. */
export interface PendingRecord {
  readonly stream: "Stdout" | "Stderr";
  readonly content: Uint8Array;
  readonly time: Uint8Array;
  readonly seconds: number;
  /** Where in the file it begins; `IN_EARLIER_FILE`: in the one before. */
  readonly offsetSafe: number;
  /** Where in `content` the line begins that is not complete, and where that is in the file; -1: the last one is complete. */
  readonly line: number;
  readonly lineOffset: number;
}

/** The place from which whoever does not know what is pending begins. */
export function safePlace(position: Position): Position {
  return position.pending?.safe ?? position;
}
