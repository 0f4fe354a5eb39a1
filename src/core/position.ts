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
}
