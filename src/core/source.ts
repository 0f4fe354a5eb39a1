/**
 * A source is one stream of log bytes that a pipeline reads: a container's log, or a file.
 *
 * @module
 */
import type { Container } from "./container.ts";
import type { ReadableFiles } from "./env.ts";

/** A constant field that every record of a source carries, in order. */
export type Tag = readonly [name: string, value: string];

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
  /**
   * Where reading begins when it was never read: at its first byte, at that of the oldest file that was rotated from it, or at most
   * this many bytes before its end.
   */
  readonly start: number | "first" | "oldest";
}
