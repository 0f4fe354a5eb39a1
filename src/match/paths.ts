/**
 * A path of the node → the path by which the agent opens it, below the host root. Links are followed component by component and
 * absolute ones begin at the host root again: the kernel would resolve them in the agent's own file system.
 *
 * @module
 */
import type { Files } from "../core/env.ts";

const LINKS_MAX = 40;

/**
 * Resolves `path` below `hostRoot`; `..` cannot climb out of it. What is not there is left as it is written.
 *
 * @returns the path to open; undefined where links go round in circles.
 */
export function tryResolveHostPath(
  hostRoot: string,
  path: string,
  files: Pick<Files, "tryReadLink">,
): string | undefined {
  const root = hostRoot.replace(/\/+$/, "");
  const todo = path.split("/").reverse();
  let done: string[] = [];
  let links = 0;
  while (todo.length > 0) {
    const part = todo.pop()!;
    if (part === "" || part === ".") continue;
    if (part === "..") {
      done.pop();
      continue;
    }
    const target = files.tryReadLink(`${root}/${[...done, part].join("/")}`);
    if (target === undefined) {
      done.push(part);
      continue;
    }
    if (++links > LINKS_MAX) return undefined;
    if (target.startsWith("/")) done = [];
    todo.push(...target.split("/").reverse());
  }
  return `${root}/${done.join("/")}`;
}
