/**
 * Watching directories by inotify, through Deno. All that is passed on is that something may have happened in a directory: each event
 * costs some microseconds, so that directories in which much happens should not be watched.
 *
 * @module
 */
import type { DirectoryWatch } from "./env.ts";

/** Kinds that tell nothing of a directory's files: that one was opened or read, by ourselves among others. */
const IGNORED_KINDS: readonly string[] = ["access", "other"];

/** See `Env.watchDirectories`. */
export function watchDirectories(paths: readonly string[], onRing: (path: string) => void): DirectoryWatch {
  const watcher = Deno.watchFs([...paths], { recursive: false });
  void passOn(watcher, new Set(paths), onRing);
  return { close: () => watcher.close() };
}

async function passOn(watcher: Deno.FsWatcher, watched: ReadonlySet<string>, onRing: (path: string) => void) {
  try {
    for await (const { kind, paths } of watcher) {
      if (IGNORED_KINDS.includes(kind)) continue;
      for (const path of paths) {
        const directory = watched.has(path) ? path : path.slice(0, path.lastIndexOf("/"));
        if (watched.has(directory)) onRing(directory);
      }
    }
  } catch {
    // What fails here rings no more. Nobody may rely on it anyway.
  }
}
