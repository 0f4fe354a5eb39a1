/**
 * The sources of one pipeline as what rotation may delete before it was read: opens it in time, lists it, lets go of it. Decides nothing.
 *
 * @module
 */
import type { DeletedFile } from "./deleted_files.ts";
import type { HeldFiles } from "./held_files.ts";
import type { TailedSource } from "./tailed_source.ts";
import type { Tailer } from "./tailer.ts";

/** A deleted file that is kept on the disk only because it is not read. */
export interface UnreadFile extends Omit<DeletedFile, "file"> {
  /** The path of its source. */
  readonly path: string;
  /** Whether the path is one inside a container, and not on the node. */
  readonly isInContainer: boolean;
  /** Closes it. @returns number of bytes that are lost. */
  letGo(): number;
}

/** What a source holds open before its turn. */
export interface WaitingSource {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

/** The sources of a tailer. */
export class UnreadSources {
  readonly #tailer: Tailer;
  readonly #held: HeldFiles;
  readonly #isBlocked: () => boolean;
  #behind: readonly TailedSource[] = [];

  /** @param isBlocked whether no source is looked at otherwise. */
  constructor(tailer: Tailer, held: HeldFiles, isBlocked: () => boolean) {
    this.#tailer = tailer;
    this.#held = held;
    this.#isBlocked = isBlocked;
  }

  /** Opens what comes after the files in hand of sources that are behind, so that deleting it loses nothing. */
  hold(): void {
    this.#behind = this.#findBehind();
    for (const tailed of this.#behind) {
      for (const file of tailed.hold()) this.#held.hold(tailed.source.key, file);
    }
  }

  /** What those hold open that were behind at the last `hold`. */
  waiting(): WaitingSource[] {
    return this.#behind.map((tailed) => ({ path: tailed.source.path, ...tailed.waiting }))
      .filter(({ files }) => files > 0);
  }

  /** The deleted files that only this pipeline keeps on the disk, of sources that were behind at the last `hold`. */
  deletedFiles(): UnreadFile[] {
    return this.#behind.flatMap((tailed) => {
      const { key, path, files } = tailed.source;
      return tailed.deletedFiles().map((deleted) => {
        const letGo = () => {
          this.#held.drop(key, deleted.position.identity);
          return tailed.letGo(deleted);
        };
        return { ...deleted, path, isInContainer: files !== undefined, letGo };
      });
    });
  }

  /** Of the others, which are most of them, not even a file is looked at. */
  #findBehind(): TailedSource[] {
    if (this.#isBlocked()) return this.#tailer.all();
    const before = this.#behind.filter((tailed) =>
      tailed.isBehind && this.#tailer.tryGet(tailed.source.key) === tailed
    );
    return [...new Set([...before, ...this.#tailer.behind()])];
  }
}
