/**
 * Which names stand for an older file of the same log: the search for files leaves them out where the log itself is
 * there, and the tailer catches up with them through it.
 *
 * @module
 */

/**
 * Tells whether `name` is a plain rotation of `base`: `0.log.20261123-120000`, `x-json.log.1`; not compressed, not
 * being written.
 */
export function isRotatedName(name: string, base: string): boolean {
  return name.length > base.length && tryRotationBase(name) === base;
}

/** @returns the name without the suffix that a plain rotation adds; undefined where it has none. */
export function tryRotationBase(name: string): string | undefined {
  const suffix = /\.\d+(-\d+)?$/.exec(name);
  return suffix === null || suffix.index === 0 ? undefined : name.slice(0, suffix.index);
}

const COMPRESSED = /\.(gz|zip|bz2|xz|zst)$/;

/** Tells whether a name says that the file is compressed; such files are not read. */
export function isCompressedName(name: string): boolean {
  return COMPRESSED.test(name);
}
