/**
 * The container events of a Docker Engine, as a bell (`event_bell.ts`): they also tell which container to look at, because a list
 * does not show that one was restarted or updated.
 *
 * @module
 */
import type { DockerClient } from "./docker_client.ts";
import type { DockerInventory } from "./docker_inventory.ts";
import type { EventStream } from "./event_bell.ts";

/** @returns the engine's stream; what was described before it opened is marked to be described again. */
export function dockerEvents(client: DockerClient, inventory: DockerInventory): EventStream {
  return {
    listen: (ring, signal) => {
      const notice = (id?: string) => {
        inventory.markStale(id);
        ring();
      };
      // The engine sends the head at once: an open stream is a live one, though nothing may happen for hours.
      return client.containerEvents({ onOpen: notice, onEvent: notice }, signal);
    },
    isHopeless: () => false,
  };
}
