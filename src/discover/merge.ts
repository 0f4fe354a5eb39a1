/**
 * Makes one stream of several discoverers: every container once, and a word when the first picture is complete. A discoverer that
 * fails is started again and disturbs no other.
 *
 * @module
 */
import { InvariantError } from "../core/assert.ts";
import type { ContainerEvent, Discoverer } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { type ContainerChange, ContainerView } from "./container_view.ts";
import { EventQueue } from "./event_queue.ts";

/** What the agent hears. `ready` comes once: after everyone's first snapshot, or when waiting longer makes no sense. */
export type MergedEvent = ContainerChange | { readonly kind: "ready" };

const READY_AFTER_MS_MAX = 2000;
const RESTART_AFTER_MS = 3000;

/** What one discoverer reported, or that the time for first snapshots is over. */
type Report = { readonly discoverer: number; readonly event: ContainerEvent } | "time is up";

/** Runs all discoverers until `signal` aborts or the reader stops. Of two that know the same container, the earlier's word counts. */
export async function* mergeDiscoverers(
  discoverers: readonly Discoverer[],
  env: Env,
  log: Log,
  signal: AbortSignal,
): AsyncGenerator<MergedEvent> {
  const queue = new EventQueue<Report>();
  const readerLeft = new AbortController();
  const whole = AbortSignal.any([signal, readerLeft.signal]);
  const tasks = discoverers.map((discoverer, index) => runDiscoverer(discoverer, index, queue, env, log, whole));
  tasks.push(sayTimeIsUp(queue, env, discoverers.length === 0 ? 0 : READY_AFTER_MS_MAX, whole));
  try {
    yield* mergeReports(queue.take(whole), discoverers.length);
  } finally {
    readerLeft.abort();
    await Promise.all(tasks);
  }
}

async function* mergeReports(reports: AsyncIterable<Report>, discovererCount: number): AsyncGenerator<MergedEvent> {
  const view = new ContainerView(discovererCount);
  const silent = new Set(Array(discovererCount).keys());
  let ready = false;
  for await (const report of reports) {
    if (report === "time is up") silent.clear();
    else {
      yield* view.apply(report.discoverer, report.event);
      silent.delete(report.discoverer);
    }
    if (ready || silent.size > 0) continue;
    ready = true;
    yield { kind: "ready" };
  }
}

async function sayTimeIsUp(queue: EventQueue<Report>, env: Env, afterMs: number, signal: AbortSignal): Promise<void> {
  await env.sleep(afterMs, signal);
  if (!signal.aborted) queue.push("time is up");
}

async function runDiscoverer(
  discoverer: Discoverer,
  index: number,
  queue: EventQueue<Report>,
  env: Env,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of discoverer.watch(signal)) queue.push({ discoverer: index, event });
    } catch (error) {
      if (error instanceof InvariantError) return queue.fail(error);
      logFailure(discoverer, error, log);
    }
    await env.sleep(RESTART_AFTER_MS, signal);
  }
}

function logFailure(discoverer: Discoverer, error: unknown, log: Log): void {
  const reason = error instanceof Error ? error.message : String(error);
  log.throttled(
    `discover.${discoverer.name}`,
    `Discovery through ${discoverer.name} failed: ${reason}. Its known containers are still collected; it starts again soon.`,
  );
}
