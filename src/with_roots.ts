/**
 * What is known of a container's file systems beyond its end.
 *
 * @module
 */
import type { Container } from "./core/container.ts";

/** Of a container that has ended a runtime may not tell any more where its files are: they are still there for a while. */
export function withRoots(container: Container, before: Container | undefined): Container {
  const isLost = container.state === "exited" && container.rootPaths.length === 0;
  return isLost && before !== undefined ? { ...container, rootPaths: before.rootPaths } : container;
}
