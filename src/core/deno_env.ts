/**
 * The real world: the only place besides sockets where the agent touches Deno's clock, timers and files.
 *
 * @module
 */
import { closeSync, constants, fstatSync, openSync, readSync, statfsSync } from "node:fs";
import { cpuUsage } from "node:process";
import { setImmediate } from "node:timers";
import type { Env, Files, FileStat, LinkStat, OpenFile, WritableFile } from "./env.ts";

/** What the operating system says where there is no such file. */
const NOT_THERE = ["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"];

function statOf(info: Deno.FileInfo): FileStat {
  return {
    device: info.dev,
    inode: info.ino ?? 0,
    size: info.size,
    modifiedMs: info.mtime?.getTime() ?? 0,
    kind: info.isFile ? "file" : info.isDirectory ? "directory" : "other",
  };
}

function linkStatOf(info: Deno.FileInfo): LinkStat {
  return { ...statOf(info), kind: info.isSymlink ? "link" : statOf(info).kind };
}

/** Returns what `action` does, or undefined where the file is not there: links in a circle and endless names lead nowhere. */
function tryIfThere<T>(action: () => T, codes: readonly string[] = NOT_THERE): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && "code" in error && codes.includes(String(error.code))) return undefined;
    throw error;
  }
}

/** Asks first, because a failure takes longer than an answer; what is no link any more afterwards is an invalid argument. */
function tryReadLink(path: string): string | undefined {
  if (!tryIfThere(() => Deno.lstatSync(path))?.isSymlink) return undefined;
  return tryIfThere(() => Deno.readLinkSync(path), [...NOT_THERE, "EINVAL"]);
}

/**
 * A file whose descriptor is known, so that the kernel of the operating system can tell what was really opened. Node's reading at a
 * place is one system call, and a third of the time that Deno's own takes.
 */
class DescriptorFile implements OpenFile {
  readonly path: string;
  readonly #descriptor: number;

  constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
  }

  readAt(offset: number, into: Uint8Array): number {
    return readSync(this.#descriptor, into, 0, into.length, offset);
  }

  stat(): FileStat {
    const info = fstatSync(this.#descriptor);
    const kind = info.isFile() ? "file" : info.isDirectory() ? "directory" : "other";
    return { device: info.dev, inode: info.ino, size: info.size, modifiedMs: info.mtimeMs, kind };
  }

  isDeleted(): boolean {
    return fstatSync(this.#descriptor).nlink === 0;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/**
 * Opening must not wait for the writer of a FIFO. Where a link was swapped in on the way, the descriptor's own path
 * (https://man7.org/linux/man-pages/man5/proc_pid_fd.5.html) is another one.
 */
function tryOpenExactly(path: string): OpenFile | undefined {
  const descriptor = tryOpenDescriptor(path);
  if (descriptor === undefined) return undefined;
  const file = new DescriptorFile(path, descriptor);
  try {
    if (Deno.readLinkSync(`/proc/self/fd/${descriptor}`) === path && file.stat().kind === "file") return file;
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return undefined;
}

/** What `open` says where there is no such file, where a link is, and where a device or socket is that nothing listens at. */
const NOT_OPENED = [...NOT_THERE, "ENXIO", "ENODEV"];

function tryOpenDescriptor(path: string): number | undefined {
  return tryIfThere(() => openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK), NOT_OPENED);
}

/** The operating system finds the end anew for each write. */
class AppendedFile implements WritableFile {
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #isShared: boolean;

  /** @param isShared whether other threads may have it open, too. */
  constructor(path: string, file: Deno.FsFile, isShared: boolean) {
    this.path = path;
    this.#file = file;
    this.#isShared = isShared;
  }

  append(bytes: Uint8Array): void {
    writeAll(this.#file, bytes);
  }

  sync(): Promise<void> {
    return this.#file.syncData();
  }

  truncate(size: number): void {
    this.#file.truncateSync(size);
  }

  stat(): FileStat {
    return statOf(this.#file.statSync());
  }

  /** Each thread has a descriptor of its own, so that they lock each other out: https://man7.org/linux/man-pages/man2/flock.2.html. */
  exclusively<Result>(action: () => Result): Result {
    if (!this.#isShared) return action();
    this.#file.lockSync(true);
    try {
      return action();
    } finally {
      this.#file.unlockSync();
    }
  }

  close(): void {
    this.#file.close();
  }
}

/** What is there already must be a regular file: opening a FIFO would block for ever. */
function openToAppend(path: string, isShared: boolean): WritableFile {
  const there = tryIfThere(() => Deno.statSync(path));
  if (there === undefined) makeDirectoryOf(path);
  else if (!there.isFile) throw new Error(`${path} is not a regular file`);
  return new AppendedFile(path, Deno.openSync(path, { append: true, create: true }), isShared);
}

function makeDirectoryOf(path: string): void {
  const cut = path.lastIndexOf("/");
  if (cut > 0) Deno.mkdirSync(path.slice(0, cut), { recursive: true });
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
}

/** Writing is quick; waiting for the disk is not, and leaves the thread to others. */
async function writeAndSync(path: string, text: string, options: Deno.OpenOptions): Promise<void> {
  using file = Deno.openSync(path, options);
  writeAll(file, new TextEncoder().encode(text));
  await file.syncData();
}

const denoFiles: Files = {
  // What is not a regular file is not opened at all: opening a FIFO would block for ever.
  tryOpen: (path) =>
    tryIfThere(() => Deno.statSync(path).isFile ? new DescriptorFile(path, openSync(path, "r")) : undefined),
  tryOpenExactly,
  tryStat: (path) => tryIfThere(() => statOf(Deno.statSync(path))),
  trySpace(path) {
    const space = tryIfThere(() => statfsSync(path));
    return space && { freeBytes: space.bavail * space.bsize, totalBytes: space.blocks * space.bsize };
  },
  tryLinkStat: (path) => tryIfThere(() => linkStatOf(Deno.lstatSync(path))),
  tryReadLink,
  list: (path) => tryIfThere(() => [...Deno.readDirSync(path)].map((entry) => entry.name)) ?? [],
  tryReadText: (path) => tryIfThere(() => Deno.readTextFileSync(path)),
  async writeAtomically(path, text) {
    await writeAndSync(`${path}.new`, text, { write: true, create: true, truncate: true });
    Deno.renameSync(`${path}.new`, path);
  },
  append(path, text) {
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(path, text, { append: true });
  },
  openToAppend: (path) => openToAppend(path, false),
  rename: (from, to) => Deno.renameSync(from, to),
  remove: (path) => void tryIfThere(() => Deno.removeSync(path)),
  makeDirectory: (path) => Deno.mkdirSync(path, { recursive: true }),
};

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener("abort", finish, { once: true });
  });
}

function cpuMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/** V8's own function, there with the flag that the binary is compiled with (.ci/compile.ts). */
interface GarbageCollector {
  gc?(options: { readonly type: "major"; readonly execution: "sync"; readonly flavor: "last-resort" }): void;
}

/** Unlike an ordinary collection, this flavour gives the memory back at once. */
function collectGarbage(): void {
  const collector: typeof globalThis & GarbageCollector = globalThis;
  collector.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
}

let stdoutIsFree: Promise<unknown> = Promise.resolve();

/** A pipe takes large pieces in parts: nothing comes in between. */
function writeStdout(bytes: Uint8Array): Promise<void> {
  const written = stdoutIsFree.then(() => writeAllToStdout(bytes));
  stdoutIsFree = written.catch(() => {});
  return written;
}

async function writeAllToStdout(bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await Deno.stdout.write(bytes.subarray(written));
}

/** The first address of the node that is not a loopback's, IPv4 before IPv6; the loopback's where there is no other. */
function findHostIp(): string {
  const addresses = Deno.networkInterfaces().map(({ family, address }) => ({ family, address }));
  const outside = addresses.filter(({ address }) => !/^(127\.|::1$|fe80:)/.test(address));
  const candidates = [...outside, ...addresses];
  return (candidates.find(({ family }) => family === "IPv4") ?? candidates[0])?.address ?? "";
}

/**
 * Makes the real environment.
 *
 * @param hostIp overrides the address found on the node's interfaces.
 * @param isShared whether other threads of the agent write to the same files.
 */
export function makeDenoEnv(hostIp = "", isShared = false): Env {
  return {
    now: () => Date.now(),
    sleep,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    random: () => Math.random(),
    files: isShared ? { ...denoFiles, openToAppend: (path) => openToAppend(path, true) } : denoFiles,
    cpuMs,
    residentBytes: () => Deno.memoryUsage().rss,
    heapBytes: () => Deno.memoryUsage().heapUsed,
    // There with the flag that the binary is compiled with (.ci/compile.ts).
    collectGarbage,
    writeStdout,
    tryVariable: (name) => Deno.env.get(name),
    hostName: Deno.hostname(),
    hostIp: hostIp || findHostIp(),
  };
}
