/**
 * An agent under measurement: how to start it on a given piece of work. Each peer has a file of its own.
 *
 * @module
 */
import type { Message } from "./message.ts";
import type { Codec, WorkKind } from "./mode.ts";

/** One piece of work. */
export interface Work {
  readonly kind: WorkKind;
  /** What `prepare` returned. */
  readonly program: string;
  readonly hostRoot: string;
  /** Where the containers' logs are below `hostRoot`: a path, or a pattern for agents that know no containers. */
  readonly logs: string;
  /** The list of the node's containers, in the form of `--static-containers`. */
  readonly containersPath: string;
  /** An empty directory for the agent's configuration and state; fresh for each run. */
  readonly directory: string;
  /** `host:port`. */
  readonly broker: string;
  readonly topic: string;
  readonly codec: Codec;
}

/** How an agent is run. */
export interface AgentCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** An agent that can be measured. */
export interface Peer {
  readonly name: string;
  /** Why this machine cannot run it, or undefined when it can. */
  unavailable(): string | undefined;
  /** Why it cannot do the work of a kind so that its records carry the same fields, or undefined when it can. */
  unfit(kind: WorkKind): string | undefined;
  /** Codecs that it has beside those of all. */
  readonly ownCodecs?: readonly Codec[];
  /** Does once what is needed before it can be started. @returns the program's path or name. */
  prepare(): Promise<string>;
  /** Writes what it needs into the work's directory. @returns what is to be run. */
  command(work: Work): AgentCommand;
  /** Understands its messages; those of the walk-through's form by default. @throws {Error} when it is no message. */
  readonly readMessage?: (text: string) => Message;
}

/** Those that can do a kind of work; the others are named aloud. */
export function fitPeers(peers: readonly Peer[], kind: WorkKind): Peer[] {
  return peers.filter((peer) => {
    const reason = peer.unfit(kind);
    if (reason !== undefined) console.error(`bench: ${kind} without ${peer.name}: ${reason}`);
    return reason === undefined;
  });
}
