/**
 * The command line of `deno task bench:agent`.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { parseArgs } from "node:util";
import { type Codec, CODECS } from "./mode.ts";
import type { Peer } from "./peer.ts";

const DEFAULT_CODECS: readonly Codec[] = ["none", "lz4"];

/** What to measure. */
export interface BenchOptions {
  /** Of those that there are, in the order in which they were named. */
  readonly modes: readonly string[];
  readonly codecs: readonly Codec[];
  readonly peers: readonly Peer[];
  /** The size of a log in the throughput modes. */
  readonly megabytes: number;
  /** After so long an agent is interrupted in the throughput modes, if it is not done; the part that it has done counts. */
  readonly seconds: number;
  /** How often each agent has its turn in the throughput modes. */
  readonly rounds: number;
  readonly seed: number;
  /** The file that the results are written to; what it says of other modes stays. */
  readonly output: string;
}

/**
 * Reads the command line; the names of `--agent` are those of `peers`, those of `--only` are `modes`. Peers that this machine cannot
 * run are left out, aloud. Without `--only`, every mode is measured.
 *
 * @throws {Error} naming the option that is wrong.
 */
export function parseOptions(args: string[], peers: readonly Peer[], modes: readonly string[]): BenchOptions {
  const text = { type: "string" } as const;
  const options = {
    only: text,
    codec: text,
    agent: text,
    megabytes: text,
    seconds: text,
    rounds: text,
    seed: text,
    output: text,
  };
  const { values } = parseArgs({ args, options });
  const names = choose(
    "--agent",
    values.agent ?? peers.map(({ name }) => name).join(","),
    peers.map(({ name }) => name),
  );
  return {
    modes: choose("--only", values.only ?? modes.join(","), modes),
    codecs: choose("--codec", values.codec ?? DEFAULT_CODECS.join(","), CODECS),
    peers: peers.filter(({ name }) => names.includes(name)).filter(isAvailable),
    megabytes: positiveInteger("--megabytes", values.megabytes ?? "1000"),
    seconds: positiveInteger("--seconds", values.seconds ?? "10"),
    rounds: positiveInteger("--rounds", values.rounds ?? "3"),
    seed: positiveInteger("--seed", values.seed ?? "1"),
    output: values.output ?? join(dirname(fromFileUrl(import.meta.url)), "results.json"),
  };
}

function isAvailable(peer: Peer): boolean {
  const reason = peer.unavailable();
  if (reason) console.error(`bench: without ${peer.name}: ${reason}`);
  return reason === undefined;
}

function choose<Name extends string>(option: string, text: string, names: readonly Name[]): Name[] {
  return text.split(",").map((word) => {
    const name = names.find((name) => name === word);
    if (!name) throw new Error(`${option} must be of ${names.join(", ")}, not "${word}"`);
    return name;
  });
}

function positiveInteger(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option} must be a positive integer, not "${text}"`);
  return value;
}
