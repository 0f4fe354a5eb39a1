/**
 * Memory that the agent needed for a while and does not need any more, given back: V8 leaves garbage where it is as long as the heap
 * does not grow, and after a start on a node with a thousand containers that is ten megabytes for good.
 *
 * @module
 */
import type { Env } from "./core/env.ts";
import { msToBeat } from "./core/pace.ts";

const LOOK_INTERVAL_MS = 10_000;
/** A collection takes some 100 ms: so seldom, it costs next to nothing. */
const PAUSE_MS_MIN = 600_000;
/** What is worth a collection. */
const GROWN_BYTES_MIN = 6 * 1024 * 1024;

/** Has garbage collected when the heap has grown since the last time. Ends when `signal` aborts. */
export async function giveBackSpareMemory(env: Env, signal: AbortSignal): Promise<void> {
  let keptBytes = 0;
  let dueMs = 0;
  while (!signal.aborted) {
    await env.sleep(msToBeat(env.now(), LOOK_INTERVAL_MS), signal);
    if (env.now() < dueMs || env.heapBytes() < keptBytes + GROWN_BYTES_MIN) continue;
    env.collectGarbage();
    keptBytes = env.heapBytes();
    dueMs = env.now() + PAUSE_MS_MIN;
  }
}
