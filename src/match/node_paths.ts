/**
 * Paths of the node ↔ paths by which the agent opens them, below the host root; and which of them are not to be read
 * for anybody: `/proc`, `/sys` and `/dev` are on no disk, and links below them do not lead where they say.
 *
 * @module
 */
import { tryResolveHostPath } from "./paths.ts";
import type { LookedAtFiles } from "./tolerant_files.ts";

/** Directories that the operating system makes up, on the node and in each container. */
export const UNREAL_DIRECTORIES: readonly string[] = ["/proc", "/sys", "/dev"];

/**
 * The node's paths, as the agent opens them. These have no slash at their end, so that the root of a node may be empty.
 */
export class NodePaths {
  readonly #hostRoot: string;
  readonly #files: Pick<LookedAtFiles, "tryReadLink">;

  /** @param hostRoot where the node's `/` is, in the agent's file system; may lead through links. */
  constructor(hostRoot: string, files: Pick<LookedAtFiles, "tryReadLink">) {
    this.#files = files;
    this.#hostRoot = withoutEndSlash(tryResolveHostPath("", hostRoot, files) ?? hostRoot);
  }

  /**
   * Resolves an absolute path of the node; undefined where its links go round in circles, or where it must not be read.
   */
  tryOpenPath(path: string): string | undefined {
    if (!path.startsWith("/")) return undefined;
    const tryReadLink = (path: string) => this.#isBelowUnreal(path) ? undefined : this.#files.tryReadLink(path);
    const resolved = tryResolveHostPath(this.#hostRoot, path, { tryReadLink });
    return resolved === undefined || this.#isBelowUnreal(resolved) ? undefined : withoutEndSlash(resolved);
  }

  /** The node's name of what is opened by `openPath`. */
  nodePath(openPath: string): string {
    return openPath.slice(this.#hostRoot.length) || "/";
  }

  #isBelowUnreal(openPath: string): boolean {
    const path = `${this.nodePath(openPath)}/`;
    return UNREAL_DIRECTORIES.some((directory) => path.startsWith(`${directory}/`));
  }
}

function withoutEndSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
