/**
 * Which thread reads a source, where there are several: a number made of where its file is. What may be renamed into each other, and
 * what several may ask for, has one number: the files of a container's own file system, those of a volume of its pod, and otherwise
 * those of a directory.
 *
 * @module
 */
import type { Source } from "./core/source.ts";

/** Volumes that live on the node: the kubelet's, which belong to a pod, and Docker's, which have a name. */
const VOLUME = /^.*?\/(?:pods\/[^/]+\/volumes|volumes\/[^/]+\/_data)\//;

/** @param hostRoot where the agent sees the node's root: a file of the node has one number, whichever way it is found. */
export function shardOf(source: Source, shards: number, hostRoot: string): number {
  return shards === 1 ? 0 : hash(groupOf(source, hostRoot)) % shards;
}

function groupOf({ key, container, files }: Source, hostRoot: string): string {
  const path = withoutRoot(key.slice(key.indexOf(":") + 1), hostRoot);
  const isMounted = container?.mounts.some(({ source }) => path === source || path.startsWith(`${source}/`));
  if (container !== undefined && files !== undefined && !isMounted) return container.id;
  return VOLUME.exec(path)?.[0] ?? path.slice(0, path.lastIndexOf("/") + 1);
}

function withoutRoot(path: string, hostRoot: string): string {
  const root = hostRoot.replace(/\/+$/, "");
  return root !== "" && path.startsWith(`${root}/`) ? path.slice(root.length) : path;
}

/** FNV-1a of the UTF-16 code units, with its bits mixed: the lowest of them alone would be those of the last character. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b);
  return (value ^ (value >>> 16)) >>> 0;
}
