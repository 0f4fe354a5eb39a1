/**
 * What kind of input and source it is: one whose files come and go, and are looked for, or a container's output.
 *
 * @module
 */
import type { Container } from "./core/container.ts";
import type { Input } from "./core/input.ts";
import type { Source } from "./core/source.ts";
import type { Kernel } from "./kernel/kernel.ts";

/** Whether an input is to be asked again and again: of a container, or of the node. */
export function isSearched(input: Input<Kernel>, container: Container | undefined): boolean {
  if (!input.isDynamic) return false;
  if (container === undefined) return input.readsNode;
  return container.state !== "exited" && input.decide(container).matches;
}

/** Whether a source is a file inside a container, rather than the container's output. */
export function isFile({ files }: Source): boolean {
  return files !== undefined;
}
