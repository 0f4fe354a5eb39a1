/**
 * A source is one stream of log bytes that a pipeline reads: a container's log, or a file.
 *
 * @module
 */
import type { Container } from "./container.ts";
import type { ReadableFiles } from "./env.ts";

/** A constant field that every record of a source carries, in order. */
export type Tag = readonly [name: string, value: string];

/** Counts what happens to the names in a directory. */
export interface DirectoryWatch {
  /** Differs from what it was before when something may have happened since. */
  readonly changes: number;
}

/** One stream of log bytes as one pipeline sees it. */
export interface Source {
  /**
   * Unique within a pipeline and stable over restarts: the checkpoint's key. What follows its first colon is the path on the node,
   * or, after `local`, the path as the agent itself sees it.
   */
  readonly key: string;
  /** Where the bytes are, as `files` opens it. */
  readonly path: string;
  /** Whose file system `path` belongs to; undefined: the agent's own, so that the path begins with the host root. */
  readonly files?: ReadableFiles;
  readonly container?: Container;
  readonly tags: readonly Tag[];
  /** Somebody watches the directory that the file is in; undefined: what the path leads to may change unseen. */
  readonly watch?: DirectoryWatch;
  /**
   * Where reading begins when it was never read: at its first byte, at that of the oldest file that was rotated from it, or of the oldest
   * that was written to since then, or at most this many bytes before its end.
   */
  readonly start: number | "first" | "oldest" | { readonly writtenSinceMs: number };
}
