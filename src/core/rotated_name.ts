/**
 * Which names stand for an older file of the same log: the search for files leaves them out where the log itself is
 * there, and the tailer catches up with them through it.
 *
 * @module
 */

/** How the kubelet, Docker and logrotate end the names of files that they have compressed. */
const GZIP = ".gz";

/**
 * Tells whether `name` is a plain rotation of `base`: `0.log.20261123-120000`, `x-json.log.1`; not compressed, not
 * being written.
 */
export function isRotatedName(name: string, base: string): boolean {
  return name.length > base.length && tryRotationBase(name) === base;
}

/**
 * @returns the name that a rotation of `base` had before it was compressed with gzip: `0.log.20261123-120000` for
 * `0.log.20261123-120000.gz`; undefined for every other name.
 */
export function tryUncompressedName(name: string, base: string): string | undefined {
  const plain = name.endsWith(GZIP) ? name.slice(0, -GZIP.length) : "";
  return isRotatedName(plain, base) ? plain : undefined;
}

/** Tells whether a rotation's name says when it was made, as the kubelet's do: who names like that renames, and never cuts. */
export function isTimedName(name: string): boolean {
  return /\.\d{8}-?\d+(\.gz)?$/.test(name);
}

/**
 * Compares the names of two rotations of one log, for files that were last changed at the same moment: times go up, and small
 * numbers go down (https://man7.org/linux/man-pages/man8/logrotate.8.html).
 *
 * @returns less than zero where `a` is the older one.
 */
export function compareRotatedNames(a: string, b: string): number {
  const [numberA, numberB] = [a, b].map((name) => Number(/\.(\d{1,7})(\.gz)?$/.exec(name)?.[1] ?? NaN));
  return numberB - numberA || (a < b ? -1 : 1);
}

/** @returns the name without the suffix that a plain rotation adds; undefined where it has none. */
export function tryRotationBase(name: string): string | undefined {
  const suffix = /\.\d+(-\d+)?$/.exec(name);
  return suffix === null || suffix.index === 0 ? undefined : name.slice(0, suffix.index);
}

const COMPRESSED = /\.(gz|zip|bz2|xz|zst)$/;

/** Tells whether a name says that the file is compressed; such files are read only as what a log was rotated to. */
export function isCompressedName(name: string): boolean {
  return COMPRESSED.test(name);
}
