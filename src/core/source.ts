/**
 * A source is one stream of log bytes that a pipeline reads: a container's log.
 *
 * @module
 */
import type { Container } from "./container.ts";

/** A constant field that every record of a source carries, in order. */
export type Tag = readonly [name: string, value: string];

/** One stream of log bytes as one pipeline sees it. */
export interface Source {
  /** Unique within a pipeline and stable over restarts: the checkpoint's key. */
  readonly key: string;
  /** Where the bytes are, as the agent opens it (with the host root's prefix). */
  readonly path: string;
  readonly container?: Container;
  readonly tags: readonly Tag[];
}
