/**
 * The search for log files by patterns: directory by directory, in the same order every time, and never endless. It
 * keeps nothing between two searches. Compressed files are left out, and so are rotated ones beside the file that they
 * come from: whoever follows that one catches up with them.
 *
 * A directory costs one listing, and one look at each name that may be a log file or, where directories below count, at
 * each name.
 *
 * @module
 */
import { InvariantError } from "../core/assert.ts";
import type { FileStat, ReadableFiles } from "../core/env.ts";
import { isCompressedName, tryRotationBase } from "../core/rotated_name.ts";
import type { DirectoryStep, FilePattern } from "./file_pattern.ts";
import type { FindRule } from "./find_rule.ts";

/** A file that is wanted. */
export interface FoundFile {
  readonly path: string;
  readonly stat: FileStat;
  /**
   * The path that this file seems to have been rotated from, where it is wanted, too, but not there at the moment. Who
   * follows that path reads this file already.
   */
  readonly rotatedFrom?: string;
}

/** Says what could not be looked at, or was left out, in words for people. */
export type TellProblem = (problem: string) => void;

const FILES_MAX = 10_000;
/** Names looked at in one search: more would hold up everything else for too long. */
const LOOKS_MAX = 100_000;
/** A tree that is deeper is not one. */
const DEPTH_MAX = 100;

/**
 * Searches for the files that `rule` wants.
 *
 * @param files the file system that is searched; what it cannot look at is not there.
 * @returns at most 10,000 files, sorted by path; each path once.
 */
export function findFiles(rule: FindRule, files: ReadableFiles, tell: TellProblem = () => {}): FoundFile[] {
  const search = new Search(rule, files, tell);
  for (const pattern of rule.patterns) search.run(pattern);
  return search.found();
}

/** A directory that is being searched, and those that led to it. */
interface Level {
  readonly path: string;
  /** How many levels below may still be searched. */
  readonly depthLeft: number;
  readonly above: readonly FileStat[];
}

class Search {
  readonly #rule: FindRule;
  readonly #files: ReadableFiles;
  readonly #tell: TellProblem;
  readonly #found = new Map<string, FoundFile>();
  #looksLeft = LOOKS_MAX;
  #isFull = false;

  constructor(rule: FindRule, files: ReadableFiles, tell: TellProblem) {
    this.#rule = rule;
    this.#files = files;
    this.#tell = tell;
  }

  found(): FoundFile[] {
    const files = [...this.#found.values()].filter(({ path }) => !this.#found.has(tryBasePath(path) ?? ""));
    return files.sort((a, b) => a.path < b.path ? -1 : 1);
  }

  run(pattern: FilePattern): void {
    const { maxDirSearchDepth } = this.#rule;
    const depth = maxDirSearchDepth < 0 ? DEPTH_MAX : Math.min(maxDirSearchDepth, DEPTH_MAX);
    for (const path of this.#directories("", pattern.directories)) {
      const depthLeft = pattern.isDeep ? depth : 0;
      const stat = depthLeft > 0 ? this.#tryStat(path || "/") : undefined;
      this.#searchLevel(pattern, { path, depthLeft, above: stat === undefined ? [] : [stat] });
    }
  }

  /** The directories that `steps` lead to from `path`; constant steps are taken without a look. */
  #directories(path: string, [step, ...rest]: readonly DirectoryStep[]): string[] {
    if (step === undefined) return [path];
    if (typeof step === "string") return this.#directories(`${path}/${step}`, rest);
    const below = this.#names(path).filter(step).map((name) => `${path}/${name}`);
    const directories = below.filter((directory) => {
      return !this.#rule.isDirectoryExcluded(directory) && this.#tryStat(directory)?.kind === "directory";
    });
    return directories.flatMap((directory) => this.#directories(directory, rest));
  }

  #searchLevel(pattern: FilePattern, level: Level): void {
    if (this.#isFull || this.#rule.isDirectoryExcluded(level.path)) return;
    if (typeof pattern.name === "string" && level.depthLeft === 0) return this.#takeOne(`${level.path}/`, pattern.name);
    const directories = this.#takeNames(pattern, level);
    for (const { path, stat } of directories) {
      if (isAmong(stat, level.above)) continue;
      this.#searchLevel(pattern, { path, depthLeft: level.depthLeft - 1, above: [...level.above, stat] });
    }
  }

  /** A name without wildcards needs no listing. */
  #takeOne(prefix: string, name: string): void {
    const path = prefix + name;
    if (this.#rule.isFileExcluded(path, name) || isCompressedName(name)) return;
    const stat = this.#tryStat(path);
    if (stat?.kind === "file") this.#add({ path, stat });
  }

  /** Takes the files of one directory. @returns the directories in it that are to be searched, too. */
  #takeNames(pattern: FilePattern, { path: directory, depthLeft }: Level): FoundFile[] {
    const isNamed = (name: string) => typeof pattern.name === "string" ? name === pattern.name : pattern.name(name);
    const isWanted = (name: string) => {
      return isNamed(name) && !isCompressedName(name) && !this.#rule.isFileExcluded(`${directory}/${name}`, name);
    };
    const directories: FoundFile[] = [];
    for (const name of this.#names(directory)) {
      const mayBeFile = isWanted(name);
      if (!mayBeFile && depthLeft === 0) continue;
      const path = `${directory}/${name}`;
      const stat = this.#tryStat(path);
      if (stat?.kind === "file" && mayBeFile) {
        const base = tryRotationBase(name);
        const isRotated = base !== undefined && isWanted(base);
        this.#add(isRotated ? { path, stat, rotatedFrom: `${directory}/${base}` } : { path, stat });
      }
      if (stat?.kind === "directory" && depthLeft > 0) directories.push({ path, stat });
    }
    return directories;
  }

  #add(file: FoundFile): void {
    if (this.#found.size >= FILES_MAX) return this.#stop(`more than ${FILES_MAX} files match; the others are not read`);
    this.#found.set(file.path, file);
  }

  #stop(problem: string): void {
    if (!this.#isFull) this.#tell(problem);
    this.#isFull = true;
  }

  #names(directory: string): string[] {
    return this.#attempt(directory, () => this.#files.list(directory || "/"))?.sort() ?? [];
  }

  #tryStat(path: string): FileStat | undefined {
    if (this.#looksLeft === 0) {
      this.#stop(`the search ended after ${LOOKS_MAX} names; narrow FilePaths or MaxDirSearchDepth`);
      return undefined;
    }
    this.#looksLeft--;
    return this.#attempt(path, () => this.#files.tryStat(path));
  }

  #attempt<Result>(path: string, look: () => Result): Result | undefined {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof Error) || error instanceof InvariantError) throw error;
      this.#tell(`${path || "/"} cannot be looked at: ${error.message}`);
      return undefined;
    }
  }
}

function tryBasePath(path: string): string | undefined {
  const cut = path.lastIndexOf("/") + 1;
  const base = tryRotationBase(path.slice(cut));
  return base === undefined ? undefined : path.slice(0, cut) + base;
}

/** A link to a directory that leads back up would be followed for ever. */
function isAmong({ device, inode }: FileStat, others: readonly FileStat[]): boolean {
  return others.some((other) => other.inode === inode && other.device === device);
}
