/**
 * The container events of a CRI runtime, as a bell (`event_bell.ts`).
 *
 * @module
 */
import { type CriClient, isUnimplemented } from "./cri_client.ts";
import type { EventStream } from "./event_bell.ts";

/** @returns the client's stream; it ends with the client, whose own signal it follows. */
export function criEvents(client: CriClient): EventStream {
  return { listen: (ring) => client.containerEvents(ring), isHopeless: isUnimplemented };
}
