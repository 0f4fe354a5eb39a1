/**
 * The files of one container, under the paths that they have inside it. Whatever a container does to its files, nothing
 * outside of it is read: paths are resolved by `container_tree.ts`, and what was opened is compared with what was
 * resolved, because a directory may be replaced by a link in between. Only regular files are opened, and opening never
 * waits.
 *
 * What must not be looked at is not there. A disk that fails throws, as it does for files of the node.
 *
 * @module
 */
import type { Container } from "../core/container.ts";
import type { Files, FileStat, OpenFile, ReadableFiles } from "../core/env.ts";
import { ContainerTree, type Place } from "./container_tree.ts";
import type { LookedAtFiles } from "./tolerant_files.ts";

/** What reading a container needs of the agent's file system. */
export type ContainerFilesNeeds = LookedAtFiles & Pick<Files, "tryOpenExactly">;

/** How often a file is opened that has become another one each time. */
const ATTEMPTS = 3;

/** A container's file system, as seen from inside. Cheap to make: it looks at nothing before it is asked. */
export class ContainerFiles implements ReadableFiles {
  readonly #tree: ContainerTree;
  readonly #files: ContainerFilesNeeds;

  /**
   * @param hostRoot where the node's `/` is, in the agent's file system.
   * @param files that of the agent.
   */
  constructor(container: Container, hostRoot: string, files: ContainerFilesNeeds) {
    this.#tree = new ContainerTree(container, hostRoot, files);
    this.#files = files;
  }

  /**
   * Opens the regular file that `path` leads to; undefined where there is none in the container, or where it is another
   * one each time.
   * @throws when it may not be read, or the disk fails.
   */
  tryOpen(path: string): OpenFile | undefined {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const place = this.#tree.tryFind(path);
      if (place?.openPath === undefined || place.stat.kind !== "file") return undefined;
      const file = this.#files.tryOpenExactly(place.openPath);
      if (file !== undefined && isSame(file.stat(), place.stat)) return file;
      file?.close();
    }
    return undefined;
  }

  tryStat(path: string): FileStat | undefined {
    return this.#tree.tryFind(path)?.stat;
  }

  list(path: string): string[] {
    const directory = this.#tree.tryFind(path);
    return directory === undefined ? [] : this.#tree.list(directory);
  }

  /**
   * The node's path (without the host root) of what `path` leads to now; undefined where nothing is. Containers that
   * share a volume give the same one.
   */
  tryNodePath(path: string): string | undefined {
    const openPath = this.#tree.tryFind(path)?.openPath;
    return openPath === undefined ? undefined : this.#tree.nodePath(openPath);
  }

  /** Whether `path` itself is no link, so that whatever happens to it changes the directory that it is in. */
  isDirect(path: string): boolean {
    const cut = path.lastIndexOf("/");
    const directory = this.#tree.tryFind(path.slice(0, cut));
    return directory !== undefined && this.#tree.tryFind(path)?.path === directory.path + path.slice(cut);
  }

  /**
   * Says why the container's own files cannot be seen ("its root file system is not visible: …"); undefined when they
   * can. What is mounted into it can be seen all the same.
   */
  tryRootProblem(): string | undefined {
    return this.#tree.tryRootProblem();
  }

  /**
   * The same files for one search that is over at once: the way to a directory is walked once, and not for each name in
   * it.
   */
  forOneSearch(): ReadableFiles {
    return new Search(this, this.#tree);
  }
}

/**
 * Remembers directories. One that is replaced meanwhile makes wrong findings, but what is opened is never looked for in
 * here.
 */
class Search implements ReadableFiles {
  readonly #files: ContainerFiles;
  readonly #tree: ContainerTree;
  readonly #directories = new Map<string, Place | undefined>();

  constructor(files: ContainerFiles, tree: ContainerTree) {
    this.#files = files;
    this.#tree = tree;
  }

  tryOpen(path: string): OpenFile | undefined {
    return this.#files.tryOpen(path);
  }

  tryStat(path: string): FileStat | undefined {
    const cut = path.lastIndexOf("/");
    const directory = this.#tryDirectory(path.slice(0, Math.max(cut, 0)));
    return directory && this.#tree.tryFindIn(directory, path.slice(cut + 1))?.stat;
  }

  list(path: string): string[] {
    const directory = this.#tryDirectory(path);
    return directory === undefined ? [] : this.#tree.list(directory);
  }

  #tryDirectory(path: string): Place | undefined {
    if (!this.#directories.has(path)) this.#directories.set(path, this.#tree.tryFind(path));
    return this.#directories.get(path);
  }
}

function isSame(a: FileStat, b: FileStat): boolean {
  return a.inode === b.inode && a.device === b.device;
}
