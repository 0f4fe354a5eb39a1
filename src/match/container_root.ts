/**
 * Where a container's root file system is visible to the agent, and in words why it is not.
 *
 * @module
 */
import { InvariantError } from "../core/assert.ts";
import type { LinkStat } from "../core/env.ts";
import type { NodePaths } from "./node_paths.ts";
import { type LookedAtFiles, tolerant } from "./tolerant_files.ts";

/**
 * The first of a container's root paths that is there. Where a root file system is not mounted, its directory is there
 * and empty. Those after it are layers, which hold what the container has written, under the same paths.
 */
export class ContainerRoot {
  readonly #rootPaths: readonly string[];
  readonly #paths: NodePaths;
  readonly #files: LookedAtFiles;
  #openPath: string | undefined;
  #layers: readonly string[] = [];
  #stat: LinkStat | undefined;

  constructor(rootPaths: readonly string[], paths: NodePaths, files: LookedAtFiles) {
    this.#rootPaths = rootPaths;
    this.#paths = paths;
    this.#files = files;
  }

  /** How the agent opens it; undefined as long as it was not found. */
  get openPath(): string | undefined {
    return this.#openPath;
  }

  /** How the agent opens the layers below it. */
  get layers(): readonly string[] {
    return this.#layers;
  }

  /** Looks for it where it was not found yet, or was unmounted. @returns whether it is another one now. */
  seek(): boolean {
    const { list, tryLinkStat } = tolerant(this.#files);
    if (this.#openPath !== undefined && isSame(tryLinkStat(this.#openPath || "/"), this.#stat)) return false;
    const openPaths = this.#rootPaths.map((path) => this.#paths.tryOpenPath(path)).filter((path) => path !== undefined);
    const index = openPaths.findIndex((path) => list(path || "/").length > 0);
    const before = this.#openPath;
    this.#openPath = openPaths[index];
    this.#layers = index < 0 ? [] : openPaths.slice(index + 1);
    this.#stat = this.#openPath === undefined ? undefined : tryLinkStat(this.#openPath || "/");
    return this.#openPath !== before;
  }

  /** Says why it cannot be seen; undefined when it can. */
  tryProblem(): string | undefined {
    this.seek();
    if (this.#openPath !== undefined) return undefined;
    const faults = this.#rootPaths.map((path) => `${path} ${this.#fault(path)}`);
    const reason = faults.length === 0 ? "the runtime does not say where it is" : faults.join(", ");
    return `its root file system is not visible: ${reason}`;
  }

  #fault(path: string): string {
    const openPath = this.#paths.tryOpenPath(path);
    if (openPath === undefined) return "is not a directory that may be read";
    try {
      if (this.#files.tryLinkStat(openPath || "/") === undefined) return "is not there";
      this.#files.list(openPath || "/");
      return "is empty";
    } catch (error) {
      if (!(error instanceof Error) || error instanceof InvariantError) throw error;
      return `cannot be looked at (${error.message})`;
    }
  }
}

function isSame(a: LinkStat | undefined, b: LinkStat | undefined): boolean {
  return a?.inode === b?.inode && a?.device === b?.device;
}
