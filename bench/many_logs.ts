/**
 * A node on which many containers have written the same log: for what is about several sources at once.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { type Corpus, writeCorpus } from "./corpus.ts";
import type { MadeUpContainer } from "./made_up_container.ts";
import type { LogKind } from "./mode.ts";
import { WORKLOADS } from "./workload.ts";

const ID_CHARS = 64;

/** What is on the node. */
export interface ManyLogs {
  readonly hostRoot: string;
  readonly containers: readonly MadeUpContainer[];
  /** One of the logs. */
  readonly corpus: Corpus;
}

/** Where the log of a container is. */
export function logPathOf(index: number): string {
  return `/var/log/pods/default_nginx-${index}_07f75a79-da69-40ac-ae2b-${String(index).padStart(12, "0")}/nginx/0.log`;
}

/** Writes the logs of the containers with these numbers, of at least so many bytes each. */
export async function writeManyLogs(
  hostRoot: string,
  kind: LogKind,
  numbers: readonly number[],
  bytesMin: number,
  seed: number,
): Promise<ManyLogs> {
  const paths = numbers.map((number) => join(hostRoot, logPathOf(number)));
  const corpus = await writeCorpus(paths[0], WORKLOADS[kind], bytesMin, seed);
  for (const path of paths.slice(1)) {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.copyFile(paths[0], path);
  }
  const containers = numbers.map((number) => ({
    id: String(number).padEnd(ID_CHARS, "f"),
    logPath: logPathOf(number),
  }));
  return { hostRoot, containers, corpus };
}
