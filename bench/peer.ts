/**
 * An agent under measurement: how to start it on a given piece of work. Each peer has a file of its own.
 *
 * @module
 */
import type { Codec, Mode } from "./mode.ts";

/** One piece of work. */
export interface Work {
  readonly mode: Mode;
  /** What `prepare` returned. */
  readonly program: string;
  readonly hostRoot: string;
  /** The list of the node's containers, in the form of `--static-containers`. */
  readonly containersPath: string;
  /** An empty directory for the agent's configuration and state; fresh for each run. */
  readonly directory: string;
  /** `host:port`. */
  readonly broker: string;
  readonly topic: string;
  readonly codec: Codec;
}

/** An agent that can be measured. */
export interface Peer {
  readonly name: string;
  /** Why this machine cannot run it, or undefined when it can. */
  unavailable(): string | undefined;
  /** Why it cannot do the work of a mode so that its records carry the same fields, or undefined when it can. */
  unfit(mode: Mode): string | undefined;
  /** Does once what is needed before it can be started. @returns the program's path or name. */
  prepare(): Promise<string>;
  start(work: Work): Deno.ChildProcess;
}
