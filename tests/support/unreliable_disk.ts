/**
 * Real files in a temporary directory on a disk that fails when a test says so: it fills up in the middle of a write, or cannot sync,
 * rename or open.
 *
 * @module
 */
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import type { Files, WritableFile } from "../../src/core/env.ts";

const { files } = makeDenoEnv("10.0.0.1");

/** An error as the operating system reports it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code} (os error)`), { code });
}

/** What can be made to fail. */
export type DiskOperation = "open" | "write" | "sync" | "truncate" | "rename" | "remove";

/** A directory on such a disk. */
export class UnreliableDisk implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "sluice-disk-" });
  /** Asked before each operation; what it throws is what the operation throws, a write after half of its bytes. */
  beforeEach: (operation: DiskOperation) => void = () => {};
  syncs = 0;

  readonly files: Files = {
    ...files,
    openToAppend: (path) => {
      this.beforeEach("open");
      return this.#watched(files.openToAppend(path));
    },
    rename: (from, to) => {
      this.beforeEach("rename");
      files.rename(from, to);
    },
    remove: (path) => {
      this.beforeEach("remove");
      files.remove(path);
    },
  };

  /** The files by name. */
  contents(): Record<string, string> {
    const names = [...Deno.readDirSync(this.directory)].map(({ name }) => name).sort();
    return Object.fromEntries(names.map((name) => [name, Deno.readTextFileSync(`${this.directory}/${name}`)]));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }

  #watched(file: WritableFile): WritableFile {
    return {
      path: file.path,
      append: (bytes) => this.#append(file, bytes),
      sync: async () => {
        this.beforeEach("sync");
        this.syncs++;
        await file.sync();
      },
      truncate: (size) => {
        this.beforeEach("truncate");
        file.truncate(size);
      },
      stat: () => file.stat(),
      exclusively: (action) => file.exclusively(action),
      close: () => file.close(),
    };
  }

  #append(file: WritableFile, bytes: Uint8Array): void {
    try {
      this.beforeEach("write");
    } catch (error) {
      file.append(bytes.subarray(0, bytes.length >> 1));
      throw error;
    }
    file.append(bytes);
  }
}
