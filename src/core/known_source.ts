/**
 * What is kept of a container's output, so that it can be read to its end by who begins when nobody tells of the container any more.
 *
 * @module
 */
import type { Container, Pod } from "./container.ts";
import type { Tag } from "./source.ts";

/** A source without its path, which is in its key (`source.ts`), and without what would betray secrets: variables that are no tags. */
export interface KnownSource {
  /** Which of the pipeline's inputs reads it, from 0. */
  readonly input: number;
  readonly tags: readonly Tag[];
  readonly container: Pick<Container, "runtime" | "name" | "createdMs"> & {
    readonly pod?: Pick<Pod, "namespace" | "name">;
  };
}

/** By pipeline name, then by source key. */
export type KnownSourcesByPipeline = ReadonlyMap<string, ReadonlyMap<string, KnownSource>>;
