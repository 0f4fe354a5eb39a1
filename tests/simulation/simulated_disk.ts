/**
 * A disk in memory: files are inodes with names, stay as long as they have a name or somebody holds them open, and give their numbers to
 * the next ones afterwards. Whoever writes logs works on it directly; the agent through `simulated_files.ts`.
 *
 * @module
 */
import { invariant } from "../../src/core/assert.ts";
import type { DiskSpace, FileStat } from "../../src/core/env.ts";
import { systemError } from "../support/unreliable_disk.ts";

const DEVICE = 7;
const FIRST_INODE = 1000;
const TOTAL_BYTES = 2 ** 40;

/** What is behind a name. */
export class Inode {
  readonly number: number;
  modifiedMs: number;
  /** Names and open handles. */
  uses = 0;
  /** Whether there is a name. */
  isNamed = false;
  #bytes = new Uint8Array(1024);
  #size = 0;

  constructor(number: number, nowMs: number) {
    this.number = number;
    this.modifiedMs = nowMs;
  }

  get size(): number {
    return this.#size;
  }

  append(bytes: Uint8Array, nowMs: number): void {
    const needed = this.#size + bytes.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#size);
    this.#size = needed;
    this.modifiedMs = nowMs;
  }

  truncate(size: number, nowMs: number): void {
    this.#bytes.fill(0, Math.min(size, this.#size), this.#size);
    this.#size = size;
    this.modifiedMs = nowMs;
  }

  readAt(offset: number, into: Uint8Array): number {
    const part = this.#bytes.subarray(Math.min(offset, this.#size), Math.min(offset + into.length, this.#size));
    into.set(part);
    return part.length;
  }

  get text(): string {
    return new TextDecoder().decode(this.#bytes.subarray(0, this.#size));
  }
}

/** The files by name. Directories are there as soon as something is in them or they are made. */
export class SimulatedDisk {
  readonly #now: () => number;
  readonly #files = new Map<string, Inode>();
  readonly #directories = new Map<string, Inode>();
  readonly #freeNumbers: number[] = [];
  /** Files that have lost their last name and are open. */
  readonly #unnamed = new Set<Inode>();
  #nextNumber = FIRST_INODE;
  totalBytes = TOTAL_BYTES;

  constructor(now: () => number) {
    this.#now = now;
  }

  tryGet(path: string): Inode | undefined {
    return this.#files.get(path);
  }

  tryStat(path: string): FileStat | undefined {
    const file = this.#files.get(path);
    if (file !== undefined) return statOf(file);
    const directory = this.#directories.get(path);
    return directory && { ...statOf(directory), kind: "directory" };
  }

  /** The names in a directory. */
  list(path: string): string[] {
    const prefix = path.endsWith("/") ? path : `${path}/`;
    const paths = [...this.#files.keys(), ...this.#directories.keys()].filter((one) => one.startsWith(prefix));
    return [...new Set(paths.map((one) => one.slice(prefix.length).split("/", 1)[0]))];
  }

  /** Makes an empty file; one that had the name loses it. */
  create(path: string): Inode {
    this.makeDirectory(directoryOf(path));
    const inode = this.#newInode();
    this.#name(path, inode);
    return inode;
  }

  rename(from: string, to: string): void {
    const inode = this.#files.get(from);
    if (inode === undefined) throw systemError("ENOENT");
    this.#files.delete(from);
    this.#touch(from);
    this.#name(to, inode);
    this.release(inode);
  }

  /** Takes a name away; does nothing where there is none. */
  remove(path: string): void {
    const inode = this.#files.get(path);
    if (inode === undefined) return;
    this.#files.delete(path);
    this.#touch(path);
    this.#unname(inode);
  }

  makeDirectory(path: string): void {
    if (path === "" || this.#directories.has(path)) return;
    this.makeDirectory(directoryOf(path));
    this.#directories.set(path, this.#newInode());
    this.#touch(path);
  }

  /** What is free is what neither named files nor those that are held open take. */
  space(): DiskSpace {
    const used = [...this.#files.values(), ...this.#unnamed].reduce((sum, { size }) => sum + size, 0);
    return { freeBytes: Math.max(0, this.totalBytes - used), totalBytes: this.totalBytes };
  }

  /** Number of files that have no name and are held open. */
  get unnamedCount(): number {
    return this.#unnamed.size;
  }

  /** Somebody uses an inode from now on. */
  hold(inode: Inode): void {
    inode.uses++;
  }

  /** Somebody does not use it any more. */
  release(inode: Inode): void {
    invariant(inode.uses > 0, "an inode was released too often");
    if (--inode.uses > 0) return;
    this.#unnamed.delete(inode);
    this.#freeNumbers.push(inode.number);
  }

  #name(path: string, inode: Inode): void {
    const before = this.#files.get(path);
    this.hold(inode);
    inode.isNamed = true;
    this.#files.set(path, inode);
    this.#touch(path);
    if (before !== undefined) this.#unname(before);
  }

  #unname(inode: Inode): void {
    inode.isNamed = false;
    this.#unnamed.add(inode);
    this.release(inode);
  }

  #touch(path: string): void {
    const directory = this.#directories.get(directoryOf(path));
    if (directory !== undefined) directory.modifiedMs = this.#now();
  }

  /** As file systems do, the number that was given back last is used first. */
  #newInode(): Inode {
    return new Inode(this.#freeNumbers.pop() ?? this.#nextNumber++, this.#now());
  }
}

/** What `stat` tells of a file. */
export function statOf({ number, size, modifiedMs }: Inode): FileStat {
  return { device: DEVICE, inode: number, size, modifiedMs, kind: "file" };
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
