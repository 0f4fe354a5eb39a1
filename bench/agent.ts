/**
 * `deno task bench:agent`: the compiled binary beside its peers, on the same work and the same real Kafka, in one run, in turns.
 * Only ratios within one run mean anything.
 *
 * @module
 */
import { join } from "@std/path";
import { TestKafka } from "../tests/support/kafka.ts";
import type { Setting } from "./agent_process.ts";
import { type BenchOptions, parseOptions } from "./options.ts";
import type { Peer } from "./peer.ts";
import { PEERS } from "./peers.ts";
import { parseResults, tablesOf, updated } from "./results.ts";
import { type Row, say } from "./suite.ts";
import { SUITES } from "./suites.ts";

async function bench(options: BenchOptions): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "sluice-bench-" });
  try {
    const programs = new Map<Peer, string>();
    const peers = await preparedPeers(options.peers, programs);
    const kafkaDirectory = join(directory, "kafka");
    await using kafka = await TestKafka.start({ dataDirectory: kafkaDirectory });
    const rows = await allModes({ programs, directory, kafka, kafkaDirectory }, { ...options, peers });
    console.log(tablesOf(rows, SUITES));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Those that can be had here; the others are named aloud. */
async function preparedPeers(peers: readonly Peer[], programs: Map<Peer, string>): Promise<Peer[]> {
  for (const peer of peers) {
    try {
      programs.set(peer, await peer.prepare());
    } catch (error) {
      say(`without ${peer.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return peers.filter((peer) => programs.has(peer));
}

/** Mode after mode; what is measured is kept even when a later one fails. */
async function allModes(setting: Setting, options: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const mode of options.modes) {
    const suite = SUITES.find(({ modes }) => modes.includes(mode));
    if (suite === undefined) throw new Error(`no suite measures ${mode}`);
    const measured = await suite.measure(setting, options, mode);
    await save(measured, options.output);
    rows.push(...measured);
  }
  return rows;
}

/** Modes that were not measured now keep their results. */
async function save(rows: readonly Row[], path: string): Promise<void> {
  const before = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  const order = SUITES.flatMap(({ modes }) => modes);
  await Deno.writeTextFile(path, JSON.stringify(updated(parseResults(before), rows, order), undefined, 2) + "\n");
}

if (import.meta.main) {
  try {
    await bench(parseOptions(Deno.args, PEERS, SUITES.flatMap(({ modes }) => modes)));
  } catch (error) {
    say(`failed: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
