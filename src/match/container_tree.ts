/**
 * A path as seen inside a container → the path by which the agent opens it, below the host root. **No path leads out of
 * the container:** it is walked component by component, links are read and not followed, absolute ones begin at the
 * container's `/` again, and `..` ends there. What `/proc`, `/sys` and `/dev` show is on no disk: there is nothing
 * below them, neither in the container nor on the node, unless a directory of the node is mounted there.
 *
 * A container may change its files between the walk and whatever is done with its outcome: that is for those to notice
 * who open files (`container_files.ts`). The source of a mount is the node's own path and trusted.
 *
 * @module
 */
import { InvariantError } from "../core/assert.ts";
import type { Container } from "../core/container.ts";
import type { FileStat, LinkStat } from "../core/env.ts";
import { ContainerRoot } from "./container_root.ts";
import { NodePaths, UNREAL_DIRECTORIES } from "./node_paths.ts";
import { type LookedAtFiles, tolerant } from "./tolerant_files.ts";

const LINKS_MAX = 40;
/** Components of one path and all its links: a container could make links that take seconds to walk. */
const STEPS_MAX = 250;

/** A directory or file of a container. */
export interface Place {
  /** Inside the container, without links; empty for its root. */
  readonly path: string;
  /** How the agent opens it; undefined where that part of the container is not visible. */
  readonly openPath: string | undefined;
  readonly stat: FileStat;
}

/** A place on the way, where something may be or not. */
interface Step extends Omit<Place, "stat"> {
  readonly stat: LinkStat | undefined;
}

/** A path that is being walked. */
interface Walk {
  /** From the root to where the walk is; only what was there, and no links. */
  readonly done: Step[];
  /** The last one comes next. */
  readonly todo: string[];
  linksLeft: number;
}

/** The files of one container: its root, and what is mounted over it. */
export class ContainerTree {
  readonly #container: Container;
  readonly #root: ContainerRoot;
  readonly #paths: NodePaths;
  readonly #files: LookedAtFiles;
  /** Sources of mounts → how the agent opens them; undefined for those that it must not. */
  readonly #sources = new Map<string, string | undefined>();
  /** Destinations without links → sources; undefined before the first look. */
  #mounts: ReadonlyMap<string, string> | undefined;
  /** What is there because something is mounted below, even if the root does not show it. */
  #aboveMounts: ReadonlyMap<string, LinkStat> = new Map();

  /** @param hostRoot where the node's `/` is, in the agent's file system. */
  constructor(container: Container, hostRoot: string, files: LookedAtFiles) {
    this.#container = container;
    this.#files = tolerant(files);
    this.#paths = new NodePaths(hostRoot, this.#files);
    this.#root = new ContainerRoot(container.rootPaths, this.#paths, files);
  }

  /** Finds where `path` leads now; undefined where that is nothing. @throws when the disk fails. */
  tryFind(path: string): Place | undefined {
    if (this.#mounts === undefined) this.#placeMounts();
    const place = this.#tryPlace(this.#walk(path));
    if (place?.openPath !== undefined || !this.#root.seek()) return place;
    this.#placeMounts();
    return this.#tryPlace(this.#walk(path));
  }

  /**
   * Finds one name in a directory that has just been found, as `tryFind` would, with one look where it is not a link.
   */
  tryFindIn(directory: Place, name: string): Place | undefined {
    const step = isPlainName(name) ? this.#step(directory, name) : undefined;
    if (step === undefined || step.stat?.kind === "link") return this.tryFind(`${directory.path}/${name}`);
    return this.#tryPlace(step);
  }

  /** The names in a directory, unsorted; with those of mounts that the root does not show. */
  list({ path, openPath }: Place): string[] {
    const names = openPath === undefined ? [] : this.#files.list(openPath || "/");
    const mounted = [...this.#mounts?.keys() ?? [], ...this.#aboveMounts.keys()].filter((at) => {
      return at !== "" && at.slice(0, at.lastIndexOf("/")) === path;
    });
    return mounted.length === 0 ? names : [...new Set([...names, ...mounted.map((at) => at.slice(path.length + 1))])];
  }

  /** The node's name of what the agent opens by `openPath`. */
  nodePath(openPath: string): string {
    return this.#paths.nodePath(openPath);
  }

  /**
   * Says why the container's own files cannot be seen; undefined when they can. What is mounted can be seen all the
   * same.
   */
  tryRootProblem(): string | undefined {
    return this.#root.tryProblem();
  }

  /** Parents before their children, as the runtime does. */
  #placeMounts(): void {
    this.#root.seek();
    const mounts = new Map<string, string>();
    this.#mounts = mounts;
    this.#aboveMounts = new Map();
    const inOrder = this.#container.mounts.filter(({ destination }) => destination.startsWith("/"))
      .sort((a, b) => a.destination.length - b.destination.length);
    for (const { source, destination } of inOrder) {
      mounts.set(this.#destinationPath(destination), source);
      this.#aboveMounts = directoriesAbove(mounts.keys());
    }
  }

  /** The runtime has followed the links of the root when it mounted, such as `/var/run` to `/run`. */
  #destinationPath(destination: string): string {
    const asWritten = destination.split("/").filter(isPlainName).map((name) => `/${name}`).join("");
    try {
      return this.#walk(destination, { keepsMissing: true })?.path ?? asWritten;
    } catch (error) {
      if (error instanceof InvariantError) throw error;
      return asWritten;
    }
  }

  /** @returns undefined where nothing is, and at the end of too many links. */
  #walk(path: string, { keepsMissing } = { keepsMissing: false }): Step | undefined {
    const walk: Walk = { done: [this.#rootStep()], todo: namesOf(path), linksLeft: LINKS_MAX };
    for (let stepsLeft = STEPS_MAX; walk.todo.length > 0; stepsLeft--) {
      if (stepsLeft === 0 || !this.#advance(walk, keepsMissing)) return undefined;
    }
    return walk.done[walk.done.length - 1];
  }

  /** @returns whether it goes on. */
  #advance(walk: Walk, keepsMissing: boolean): boolean {
    const name = walk.todo.pop()!;
    const here = walk.done[walk.done.length - 1];
    if (name === "..") {
      if (walk.done.length > 1) walk.done.pop();
      return here.stat === undefined || here.stat.kind === "directory";
    }
    const step = this.#step(here, name);
    if (step.stat?.kind === "link") return this.#follow(walk, step);
    if (step.stat === undefined && !keepsMissing) return false;
    walk.done.push(step);
    return true;
  }

  /** A link where something is mounted was put there on the node since, and is none of the container's. */
  #follow(walk: Walk, { path, openPath }: Step): boolean {
    if (openPath === undefined || this.#mounts?.has(path) || walk.linksLeft-- === 0) return false;
    const target = this.#files.tryReadLink(openPath);
    if (target === undefined) return false;
    if (target.startsWith("/")) walk.done.length = 1;
    walk.todo.push(...namesOf(target));
    return true;
  }

  #tryPlace(step: Step | undefined): Place | undefined {
    const stat = step?.stat;
    if (step === undefined || stat === undefined || !isFileStat(stat)) return undefined;
    return stat.kind === "file" && step.openPath === `${this.#root.openPath}${step.path}`
      ? this.#inLayer({ ...step, stat })
      : { ...step, stat };
  }

  /**
   * A file that the container has written is opened in the layer that holds it: an open file in the mounted root would keep the
   * runtime from unmounting it, and so from ending the container; and there it keeps its number when the root is unmounted.
   */
  #inLayer(file: Place): Place {
    for (const layer of this.#root.layers) {
      const openPath = layer + file.path;
      const stat = this.#files.tryLinkStat(openPath);
      if (stat?.kind === "file" && isFileStat(stat)) return { ...file, openPath, stat };
    }
    return file;
  }

  #rootStep(): Step {
    return this.#look("", this.#mounts?.has("") ? this.#tryMount("") : this.#root.openPath);
  }

  #step(from: Pick<Step, "path" | "openPath">, name: string): Step {
    const path = `${from.path}/${name}`;
    return this.#look(path, this.#mounts?.has(path) ? this.#tryMount(path) : this.#tryChild(from, name, path));
  }

  #look(path: string, openPath: string | undefined): Step {
    const stat = openPath === undefined ? undefined : this.#files.tryLinkStat(openPath || "/");
    return stat === undefined
      ? { path, openPath: undefined, stat: this.#aboveMounts.get(path) }
      : { path, openPath, stat };
  }

  #tryChild({ openPath: parent }: Pick<Step, "openPath">, name: string, path: string): string | undefined {
    if (parent === undefined || UNREAL_DIRECTORIES.includes(path)) return undefined;
    const openPath = `${parent}/${name}`;
    return UNREAL_DIRECTORIES.includes(this.nodePath(openPath)) ? undefined : openPath;
  }

  /** Looks at the source when it is needed: one volume that fails must not hide the others. */
  #tryMount(destination: string): string | undefined {
    const source = this.#mounts?.get(destination) ?? "";
    if (!this.#sources.has(source)) this.#sources.set(source, this.#paths.tryOpenPath(source));
    return this.#sources.get(source);
  }
}

function isFileStat(stat: LinkStat): stat is FileStat {
  return stat.kind !== "link";
}

/** In the order in which they are popped. */
function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".").reverse();
}

function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("/");
}

/** The directories above `paths`, each with a number that no real one has. */
function directoriesAbove(paths: Iterable<string>): ReadonlyMap<string, LinkStat> {
  const above = new Map<string, LinkStat>();
  for (const path of paths) {
    for (let cut = path.lastIndexOf("/"); cut >= 0; cut = path.lastIndexOf("/", cut - 1)) {
      above.set(path.slice(0, cut), { device: 0, inode: -1 - above.size, size: 0, modifiedMs: 0, kind: "directory" });
      if (cut === 0) break;
    }
  }
  return above;
}
