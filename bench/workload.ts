/**
 * What the throughput modes mean: what is in the log and in which form, and what a pipeline must be told to make records of it. A
 * mode that is not in the table is not built yet.
 *
 * @module
 */
import type { Random } from "../tests/support/random.ts";
import { accessLine } from "./access_log.ts";
import { javaEntry } from "./java_log.ts";
import { criFormat, dockerFormat, type LogFormat } from "./log_format.ts";
import type { ThroughputMode } from "./mode.ts";
import type { MadeUpContainer } from "./made_up_container.ts";

const ID = "07f75a79da6940acae2b77a632929cc6".padEnd(64, "0");

/** One kind of work. */
export interface Workload {
  /** The one container that writes. */
  readonly container: MadeUpContainer;
  readonly format: LogFormat;
  /** The content of the record number `index`; it holds newlines where the record has several lines. */
  readonly content: (index: number, random: Random) => string;
  /** Further options of `service_docker_stdout`, each a line of YAML. */
  readonly inputOptions: readonly string[];
  /** How many records at the log's end wait for a while, because more lines of theirs could come. */
  readonly heldBack: number;
}

const plain: Workload = {
  container: {
    id: ID,
    logPath: "/var/log/pods/default_nginx-76d49876c7-r892w_07f75a79-da69-40ac-ae2b-77a632929cc6/nginx/0.log",
  },
  format: criFormat,
  content: (_index, random) => accessLine(random),
  inputOptions: [],
  heldBack: 0,
};

/** By mode. */
export const WORKLOADS: Readonly<Partial<Record<ThroughputMode, Workload>>> = {
  plain,
  multiline: {
    ...plain,
    content: javaEntry,
    inputOptions: ["BeginLineRegex: '^\\d{4}-\\d{2}-\\d{2} '"],
    heldBack: 1,
  },
  docker: {
    ...plain,
    container: {
      id: ID,
      logPath: `/var/lib/docker/containers/${ID}/${ID}-json.log`,
      logType: "json-file",
    },
    format: dockerFormat,
  },
};

/** The work of a mode. @throws {Error} when the mode is not built yet. */
export function workloadOf(mode: ThroughputMode): Workload {
  const workload = WORKLOADS[mode];
  if (workload === undefined) throw new Error(`not supported yet: ${mode}`);
  return workload;
}
