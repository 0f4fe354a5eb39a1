/**
 * What inputs are made with, and what those of container output share.
 *
 * @module
 */
import type { Container } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import type { Decision } from "../core/input.ts";
import type { Log } from "../core/log.ts";
import type { Source, Tag } from "../core/source.ts";
import type { ContainerFilter } from "../match/filter.ts";
import { tryResolveHostPath } from "../match/paths.ts";

/** The world of an input. */
export interface InputContext {
  /** Where the node's `/` is, in the agent's file system. */
  readonly hostRoot: string;
  readonly env: Env;
  readonly log: Log;
  /** Tags that every record of the pipeline carries, after its own. */
  readonly agentTags: readonly Tag[];
  /** Names the group of machines that the agent belongs to. */
  readonly userDefinedId: string;
}

/** What a runtime calls drivers that write a file that can be read. */
const FILE_DRIVERS: readonly string[] = ["cri", "json-file"];

/** Decides about a container whose output is wanted: it must be in a file, and pass the filter. */
export function decideOutput(container: Container, filter: ContainerFilter): Decision {
  const reason = tryOutputProblem(container);
  return reason === undefined ? filter.decide(container) : { matches: false, reason };
}

/** @returns why a container's output cannot be read; undefined when it can. */
function tryOutputProblem({ logPath, logDriver }: Container): string | undefined {
  if (!FILE_DRIVERS.includes(logDriver)) return `its log driver ${logDriver} writes no file that can be read`;
  return logPath === "" ? "the runtime writes no log file for it" : undefined;
}

/**
 * The source that is a container's output.
 *
 * @param beforeEndMax how many bytes before its end a log is begun that was never read; undefined: at its first byte.
 */
export function outputSource(
  container: Container,
  tags: readonly Tag[],
  beforeEndMax: number | undefined,
  { hostRoot, env }: InputContext,
): Source {
  const { id, logPath } = container;
  return {
    key: `${id}:${logPath}`,
    path: tryResolveHostPath(hostRoot, logPath, env.files) ?? hostRoot + logPath,
    container,
    tags,
    start: beforeEndMax ?? "first",
  };
}

/** Makes what warns that lines of a source are not of the expected form; once in a while for each source. */
export function malformedWarning({ key, path, container }: Source, log: Log): () => void {
  const name = container?.pod === undefined ? path : `${container.pod.namespace}/${container.pod.name}: ${path}`;
  return () => log.throttled(`malformed ${key}`, `Lines in ${name} are not of a container runtime's form`);
}

/** The time of records that have none of their own. */
export function clockSeconds(env: Env): () => number {
  return () => Math.floor(env.now() / 1000);
}
