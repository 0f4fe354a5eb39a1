/**
 * What a container is called in messages.
 *
 * @module
 */
import type { Container } from "./core/container.ts";

/** Namespace, pod and container, or the name alone, with a colon and a space; nothing for the node. */
export function nameOf(container: Container | undefined): string {
  if (container === undefined) return "";
  const { pod, name } = container;
  return pod === undefined ? `${name}: ` : `${pod.namespace}/${pod.name}/${name}: `;
}
