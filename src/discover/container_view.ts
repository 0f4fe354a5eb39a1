/**
 * One picture of the node from several discoverers: who knows which container, and what that means for a reader who wants every
 * container once. Pure.
 *
 * @module
 */
import type { Container, ContainerEvent } from "../core/container.ts";

/** A change of the picture. */
export type ContainerChange =
  | { readonly kind: "upsert"; readonly container: Container }
  | { readonly kind: "remove"; readonly id: string };

/** All containers known. Of two discoverers that know the same one, the earlier's word counts. */
export class ContainerView {
  readonly #known: readonly Map<string, Container>[];
  readonly #containers = new Map<string, Container>();

  constructor(discovererCount: number) {
    this.#known = Array.from({ length: discovererCount }, () => new Map<string, Container>());
  }

  /** The picture, by container id. */
  get containers(): ReadonlyMap<string, Container> {
    return this.#containers;
  }

  /** Takes what a discoverer reports, by its number from 0. @returns what changed, in order. */
  apply(discoverer: number, event: ContainerEvent): readonly ContainerChange[] {
    return [...this.#learn(this.#known[discoverer], event)].flatMap((id) => this.#settle(id));
  }

  /** Updates what one discoverer knows. @returns the ids it concerns. */
  #learn(known: Map<string, Container>, event: ContainerEvent): ReadonlySet<string> {
    if (event.kind === "remove") {
      known.delete(event.id);
      return new Set([event.id]);
    }
    if (event.kind === "upsert") {
      known.set(event.container.id, event.container);
      return new Set([event.container.id]);
    }
    const ids = new Set([...known.keys(), ...event.containers.map(({ id }) => id)]);
    known.clear();
    for (const container of event.containers) known.set(container.id, container);
    return ids;
  }

  #settle(id: string): readonly ContainerChange[] {
    const before = this.#containers.get(id);
    const now = this.#known.find((known) => known.has(id))?.get(id);
    if (now === undefined) return this.#containers.delete(id) ? [{ kind: "remove", id }] : [];
    this.#containers.set(id, now);
    return before !== undefined && isSame(before, now) ? [] : [{ kind: "upsert", container: now }];
  }
}

/** Discoverers build containers always in the same way, so equal ones have equal JSON. */
function isSame(a: Container, b: Container): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
