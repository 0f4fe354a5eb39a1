/**
 * A directory that is only in memory, for targets that read thousands of files. Everything else is the real file system's.
 *
 * @module
 */
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import type { Files } from "../../src/core/env.ts";

const REAL_FILES = makeDenoEnv("192.0.2.1").files;
const DIRECTORY = "/in-memory";

/** The path of a file in memory. */
export function memoryPath(name: string): string {
  return `${DIRECTORY}/${name}`;
}

/** Files that hold what `texts` holds by path, and nothing else. */
export function memoryFiles(texts: Map<string, string>): Files {
  return {
    ...REAL_FILES,
    tryReadText: (path) => texts.get(path),
    tryStat: (path) => {
      const size = texts.get(path)?.length;
      return size === undefined ? undefined : { device: 1, inode: 1, size, modifiedMs: 0, kind: "file" };
    },
    list: () => [],
    makeDirectory: () => {},
    writeAtomically: (path, text) => {
      texts.set(path, text);
      return Promise.resolve();
    },
    rename: (from, to) => {
      texts.set(to, texts.get(from) ?? "");
      texts.delete(from);
    },
  };
}
