/**
 * Bells on the directories of sources that sleep: the operating system rings when something happens there, so that they need not be
 * looked at often. A bell is never the truth. It may ring late, for nothing or not at all; who is not rung for is found by looking.
 *
 * Bounded: so many watches and no more. A directory that rings all the time is let go of for a while, because each ring costs, and so
 * is one that keeps silent when it should ring, as overlays and network file systems do.
 *
 * @module
 */
import type { DirectoryWatch, Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";

/** Directories that share one watch of the operating system, of which a user has 128 by default. */
const GROUP_SIZE_MAX = 256;
const GROUPS_MAX = 16;
/** A directory that rings more often between two rearmings is too loud. */
const RINGS_MAX = 50;
/** How long a directory is left out that is too loud, not there, or deaf. */
const LOUD_MS = 60_000;
const GONE_MS = 60_000;
const DEAF_MS = 600_000;
/** A line may be found just before its ring comes: silence counts from the second time on. */
const SILENCES_MAX = 2;
/** How long no more watches are asked for after they were refused. */
const REFUSED_MS = 300_000;
/** A group in which so many directories are not wanted any more is made anew. */
const UNWANTED_MAX = 16;

/** One directory, and who wants to hear of it. */
interface Directory<Listener> {
  readonly path: string;
  readonly listeners: Set<Listener>;
  group: Group<Listener> | undefined;
  rings: number;
  silences: number;
  leftOutUntilMs: number;
}

interface Group<Listener> {
  readonly directories: Set<Directory<Listener>>;
  watch: DirectoryWatch | undefined;
}

/** The bells of one pipeline's sources. */
export class DirectoryBells<Listener> {
  readonly #env: Pick<Env, "now" | "watchDirectories" | "files">;
  readonly #log: Log | undefined;
  readonly #onRing: (listeners: ReadonlySet<Listener>) => void;
  readonly #directories = new Map<string, Directory<Listener>>();
  readonly #groups = new Set<Group<Listener>>();
  /** Directories that are in no group and should be. */
  readonly #waiting = new Set<Directory<Listener>>();
  #refusedUntilMs = 0;

  /** @param onRing is called with all that listen to the directory. */
  constructor(
    env: Pick<Env, "now" | "watchDirectories" | "files">,
    onRing: (listeners: ReadonlySet<Listener>) => void,
    log?: Log,
  ) {
    this.#env = env;
    this.#onRing = onRing;
    this.#log = log;
  }

  /** Number of directories that are watched. */
  get size(): number {
    return [...this.#groups].reduce((sum, { directories }) => sum + directories.size, 0);
  }

  /** Somebody wants to hear of a directory, from the next `rearm` on. */
  listen(path: string, listener: Listener): void {
    const directory = this.#directories.get(path) ?? this.#added(path);
    directory.listeners.add(listener);
    if (directory.group === undefined) this.#waiting.add(directory);
  }

  /** Somebody does not any more. */
  leave(path: string, listener: Listener): void {
    const directory = this.#directories.get(path);
    if (directory === undefined || !directory.listeners.delete(listener) || directory.listeners.size > 0) return;
    this.#directories.delete(path);
    this.#waiting.delete(directory);
  }

  /** Whether a directory is watched. */
  isArmed(path: string): boolean {
    return this.#directories.get(path)?.group !== undefined;
  }

  /** Something was found in a watched directory that nobody had rung for. */
  missed(path: string): void {
    const directory = this.#directories.get(path);
    if (directory?.group === undefined || ++directory.silences < SILENCES_MAX) return;
    const { group } = directory;
    this.#leaveOut(directory, DEAF_MS);
    this.#renew(group);
  }

  /**
   * Watches what should be and is not, and lets go of what should not be. To be called every now and then: it costs what changes.
   *
   * @param isWaiting whether a listener needs a bell now: nobody else is a reason to watch one directory more.
   */
  rearm(isWaiting: (listener: Listener) => boolean): void {
    const now = this.#env.now();
    for (const group of [...this.#groups]) this.#review(group);
    if (now < this.#refusedUntilMs) return;
    const ready = [...this.#waiting].filter(({ listeners, leftOutUntilMs }) => {
      return leftOutUntilMs <= now && [...listeners].some(isWaiting);
    });
    while (ready.length > 0) {
      const group = this.#roomiestGroup();
      if (group === undefined) return this.#tellRefused(`more than ${GROUP_SIZE_MAX * GROUPS_MAX} directories`);
      for (const directory of ready.splice(0, GROUP_SIZE_MAX - group.directories.size)) this.#join(group, directory);
      if (!this.#renew(group)) return;
    }
  }

  close(): void {
    for (const { watch } of this.#groups) watch?.close();
    this.#groups.clear();
  }

  #added(path: string): Directory<Listener> {
    const directory = {
      path,
      listeners: new Set<Listener>(),
      group: undefined,
      rings: 0,
      silences: 0,
      leftOutUntilMs: 0,
    };
    this.#directories.set(path, directory);
    return directory;
  }

  #ring(path: string): void {
    const directory = this.#directories.get(path);
    if (directory === undefined) return;
    directory.silences = 0;
    if (++directory.rings <= RINGS_MAX) this.#onRing(directory.listeners);
  }

  /** Lets go of what is too loud, and of what is not wanted any more once it is much. */
  #review(group: Group<Listener>): void {
    const loud = [...group.directories].filter(({ rings }) => rings > RINGS_MAX);
    for (const directory of group.directories) directory.rings = 0;
    for (const directory of loud) this.#leaveOut(directory, LOUD_MS);
    const unwanted = [...group.directories].filter(({ listeners }) => listeners.size === 0);
    const isRenewed = loud.length > 0 || unwanted.length > UNWANTED_MAX;
    if (!isRenewed && unwanted.length < group.directories.size) return;
    for (const directory of unwanted) group.directories.delete(directory);
    this.#renew(group);
  }

  /** The watch of its group goes on until the group is made anew. */
  #leaveOut(directory: Directory<Listener>, ms: number): void {
    directory.silences = 0;
    directory.leftOutUntilMs = this.#env.now() + ms;
    if (directory.group !== undefined) this.#part(directory.group, directory);
  }

  #join(group: Group<Listener>, directory: Directory<Listener>): void {
    directory.group = group;
    group.directories.add(directory);
    this.#waiting.delete(directory);
  }

  #part(group: Group<Listener>, directory: Directory<Listener>): void {
    directory.group = undefined;
    group.directories.delete(directory);
    if (directory.listeners.size > 0) this.#waiting.add(directory);
  }

  #roomiestGroup(): Group<Listener> | undefined {
    const open = [...this.#groups].find(({ directories }) => directories.size < GROUP_SIZE_MAX);
    if (open !== undefined || this.#groups.size >= GROUPS_MAX) return open;
    const group: Group<Listener> = { directories: new Set(), watch: undefined };
    this.#groups.add(group);
    return group;
  }

  /** Watches all directories of a group, and only then lets go of the watch before. @returns whether that was possible. */
  #renew(group: Group<Listener>): boolean {
    const before = group.watch;
    group.watch = undefined;
    try {
      group.watch = this.#tryWatch(group);
    } catch (error) {
      for (const directory of group.directories) this.#part(group, directory);
      this.#tellRefused(error instanceof Error ? error.message : String(error));
    }
    before?.close();
    if (group.watch !== undefined) return true;
    this.#groups.delete(group);
    return this.#env.now() >= this.#refusedUntilMs;
  }

  /** @returns undefined where there is nothing to watch. @throws where that is refused. */
  #tryWatch(group: Group<Listener>): DirectoryWatch | undefined {
    try {
      return this.#watch(group);
    } catch {
      // One that is gone would be in the way of the others.
      for (const directory of group.directories) {
        if (!this.#isThere(directory.path)) this.#leaveOut(directory, GONE_MS);
      }
      return this.#watch(group);
    }
  }

  #watch({ directories }: Group<Listener>): DirectoryWatch | undefined {
    const paths = [...directories].map(({ path }) => path);
    return paths.length > 0 ? this.#env.watchDirectories(paths, (path) => this.#ring(path)) : undefined;
  }

  #isThere(path: string): boolean {
    try {
      return this.#env.files.tryStat(path)?.kind === "directory";
    } catch {
      return false;
    }
  }

  #tellRefused(reason: string): void {
    this.#refusedUntilMs = this.#env.now() + REFUSED_MS;
    this.#log?.throttled(
      "directory bells",
      `Quiet logs are looked at every two seconds, because their directories cannot be watched (${reason}): new lines of theirs come ` +
        "later, and nothing is lost; fs.inotify.max_user_watches and max_user_instances say how many may be",
    );
  }
}
