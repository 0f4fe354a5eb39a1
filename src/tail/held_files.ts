/**
 * Which files the sources of a pipeline have in hand, by inode: the same file under another name is no new file. Counts, because two
 * sources may hold one file.
 *
 * @module
 */
import type { FileIdentity } from "../core/position.ts";

/** Device and inode. */
type Inode = Pick<FileIdentity, "device" | "inode">;

/** Files in hand: at most one of each source, beside those that wait for their turn, and those that it has left and that are not let go of. */
export class HeldFiles {
  readonly #counts = new Map<string, number>();
  readonly #inHand = new Map<string, string>();
  /** Those that wait for their turn, by source. */
  readonly #waiting = new Map<string, Set<string>>();

  /** Whether any source holds the file. */
  has(file: Inode): boolean {
    return this.#counts.has(nameOf(file));
  }

  /** A source has this file in hand from now on, and no longer the one before. */
  take(sourceKey: string, file: Inode): void {
    const name = nameOf(file);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    this.leave(sourceKey)();
    this.#inHand.set(sourceKey, name);
    this.drop(sourceKey, file);
  }

  /** A source has opened a file that comes after the one in hand. */
  hold(sourceKey: string, file: Inode): void {
    const waiting = this.#waiting.get(sourceKey) ?? new Set();
    const name = nameOf(file);
    if (waiting.has(name)) return;
    this.#waiting.set(sourceKey, waiting.add(name));
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Files that wait for their turn do so no longer. @param file one of them; all by default. */
  drop(sourceKey: string, file?: Inode): void {
    const waiting = this.#waiting.get(sourceKey);
    for (const name of file === undefined ? waiting ?? [] : [nameOf(file)]) {
      if (waiting?.delete(name)) this.#release(name);
    }
    if (waiting?.size === 0) this.#waiting.delete(sourceKey);
  }

  /**
   * A source has no file in hand any more.
   *
   * @returns what is to be called, once, when the file may be taken for a new one.
   */
  leave(sourceKey: string): () => void {
    const name = this.#inHand.get(sourceKey);
    this.#inHand.delete(sourceKey);
    return () => name !== undefined && this.#release(name);
  }

  #release(name: string): void {
    const count = this.#counts.get(name) ?? 0;
    if (count > 1) this.#counts.set(name, count - 1);
    else this.#counts.delete(name);
  }
}

function nameOf({ device, inode }: Inode): string {
  return `${device}:${inode}`;
}
