/**
 * What the idle modes mean: a node with many logs to which nobody writes any more.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { Random } from "../tests/support/random.ts";
import { accessLine } from "./access_log.ts";
import { criFormat } from "./log_format.ts";
import type { MadeUpContainer } from "./made_up_container.ts";

/** Many logs to which nobody writes, of containers (`idle`) or in their volumes (`idle-files`). */
export const IDLE_MODES = ["idle", "idle-files"] as const;
/** One of {@link IDLE_MODES}. */
export type IdleMode = (typeof IDLE_MODES)[number];

/** How many logs there are. */
export const QUIET_FILES = 1_000;
/** How many lines each of them has: read once, in the beginning. */
export const LINES_PER_QUIET_FILE = 5;

/** Where the containers' volumes are mounted in mode `idle-files`, and the log in it. */
export const VOLUME = { mountedAt: "/var/log/app", fileName: "access.log" } as const;
/** Where mode `idle` has its logs, as a pattern for agents that know no containers. */
export const QUIET_LOGS = "/var/log/pods/*/nginx/0.log";

/** Writes the node's files below `hostRoot`. @returns its containers. */
export function writeQuietNode(hostRoot: string, mode: IdleMode, seed: number): MadeUpContainer[] {
  const random = new Random(seed);
  const containers = Array.from({ length: QUIET_FILES }, (_, index) => quietContainer(mode, index));
  for (const { logPath, mounts } of containers) {
    if (logPath !== "") writeLines(join(hostRoot, logPath), random, criFormat.line);
    for (const { source } of mounts ?? []) {
      writeLines(join(hostRoot, source, VOLUME.fileName), random, (_time, line) => `${line}\n`);
    }
  }
  return containers;
}

function quietContainer(mode: IdleMode, index: number): MadeUpContainer {
  const number = String(index).padStart(4, "0");
  const id = number.padEnd(64, "0");
  if (mode === "idle") return { id, logPath: QUIET_LOGS.replace("*", `default_quiet-${number}_${number}`) };
  const volume = `/var/lib/kubelet/pods/${number}/volumes/kubernetes.io~empty-dir/logs`;
  return { id, logPath: "", mounts: [{ source: volume, destination: VOLUME.mountedAt }] };
}

function writeLines(path: string, random: Random, line: (time: string, content: string) => string): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const lines = Array.from({ length: LINES_PER_QUIET_FILE }, (_, index) => {
    return line(criFormat.time(index), accessLine(random));
  });
  Deno.writeTextFileSync(path, lines.join(""));
}
