/**
 * Files that a pipeline has read to their end and let go of, such as one that was renamed: found under another name, they are no new
 * ones. Bounded: the oldest are forgotten first.
 *
 * @module
 */
import type { FileIdentity, Position } from "./core/position.ts";
import type { LeftFile } from "./pipeline.ts";

const FILES_MAX = 10_000;
/** What keys of files without a name begin with, among positions that are kept. */
export const LEFT_PREFIX = "left:";

/** Device and inode. */
type Inode = Pick<FileIdentity, "device" | "inode">;

/** The files that one pipeline has left. */
export class LeftFiles {
  readonly #positions = new Map<string, Position>();
  readonly #newsOf = new Set<string>();
  /** Called with each file that is added. */
  onAdd: (file: LeftFile) => void = () => {};

  add(file: LeftFile): void {
    const { containerId, identity, offset } = file;
    this.onAdd(file);
    this.#newsOf.add(containerId);
    const name = nameOf(identity);
    this.#positions.delete(name);
    this.#positions.set(name, { identity, offset });
    if (this.#positions.size <= FILES_MAX) return;
    for (const oldest of this.#positions.keys()) {
      this.#positions.delete(oldest);
      return;
    }
  }

  /** Where reading of a file ended, if it has the same number; whether it is the same is for the caller to find out. */
  tryPosition(file: Inode): Position | undefined {
    return this.#positions.get(nameOf(file));
  }

  /** The containers, `""` for the node, of which files were left since the last call. */
  takeNews(): string[] {
    const news = [...this.#newsOf];
    this.#newsOf.clear();
    return news;
  }
}

/** The key under which the position of a file without a name is kept. */
export function keyOfLeft(identity: Inode): string {
  return LEFT_PREFIX + nameOf(identity);
}

function nameOf({ device, inode }: Inode): string {
  return `${device}:${inode}`;
}
