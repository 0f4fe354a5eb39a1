/**
 * `deno task bench:agent`: the compiled binary beside its peers, on the same work and the same real Kafka, in one run, in turns.
 * Measures what each needs of the processor to deliver a log that is there when it starts. Only ratios within one run mean
 * anything.
 *
 * @module
 */
import { join } from "@std/path";
import { dropWarnings } from "../tests/demo/quiet_kafkajs.ts";
import { TestKafka } from "../tests/support/kafka.ts";
import { writeCorpus } from "./corpus.ts";
import { type BenchOptions, parseOptions } from "./options.ts";
import { type Codec, LOG_PATH, type Mode, type Peer } from "./peer.ts";
import { processCost } from "./process_cost.ts";
import { resultsOf, type Run, tableOf } from "./report.ts";
import { rsyslog } from "./rsyslog.ts";
import { sluice } from "./sluice.ts";
import { TopicWatch } from "./topic_watch.ts";

const PEERS: readonly Peer[] = [sluice, rsyslog];
const PARTITION_COUNT = 4;
const RUN_MS_MAX = 300_000;

/** What all runs share. */
interface Bench {
  readonly options: BenchOptions;
  readonly programs: ReadonlyMap<Peer, string>;
  readonly directory: string;
  readonly hostRoot: string;
  readonly inputMB: number;
  readonly kafka: TestKafka;
  readonly kafkaDirectory: string;
}

async function bench(options: BenchOptions): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "sluice-bench-" });
  try {
    const programs = new Map<Peer, string>();
    for (const peer of options.peers) programs.set(peer, await peer.prepare());
    const hostRoot = join(directory, "node");
    const inputMB = await writeCorpus(join(hostRoot, LOG_PATH), options.lines, options.seed) / 1e6;
    say(`${options.lines} lines, ${inputMB.toFixed(0)} MB, seed ${options.seed}; ${options.rounds} rounds`);
    const kafkaDirectory = join(directory, "kafka");
    await using kafka = await TestKafka.start({ dataDirectory: kafkaDirectory });
    const runs = await allRuns({ options, programs, directory, hostRoot, inputMB, kafka, kafkaDirectory });
    const results = resultsOf(runs);
    await Deno.writeTextFile(options.output, JSON.stringify(results, undefined, 2) + "\n");
    console.log(tableOf(results));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function allRuns(setting: Bench): Promise<Run[]> {
  const { modes, codecs, peers, rounds } = setting.options;
  const runs: Run[] = [];
  const fieldsByPeer = new Map<string, string>();
  for (let round = 0; round < rounds; round++) {
    for (const mode of modes) {
      for (const codec of codecs) {
        for (const peer of peers) {
          const { run, fields } = await oneRun(setting, peer, mode, codec, `${peer.name}-${mode}-${codec}-${round}`);
          runs.push(run);
          fieldsByPeer.set(peer.name, fields);
          say(`${peer.name} ${mode} ${codec}: ${(run.inputMB / run.cpuS).toFixed(0)} MB per CPU-second`);
        }
      }
    }
  }
  checkSameFields(fieldsByPeer);
  return runs;
}

async function oneRun(setting: Bench, peer: Peer, mode: Mode, codec: Codec, topic: string) {
  const { programs, directory: parent, hostRoot, inputMB, kafka, kafkaDirectory, options: { lines } } = setting;
  const directory = join(parent, topic);
  await Deno.mkdir(directory);
  await kafka.createTopic(topic, PARTITION_COUNT);
  // One connection a run: kafkajs cannot forget a topic that was deleted.
  await using watch = await TopicWatch.open(kafka.brokers);
  const started = performance.now();
  const child = peer.start({
    program: programs.get(peer) ?? peer.name,
    hostRoot,
    directory,
    broker: kafka.brokers,
    topic,
    codec,
  });
  try {
    await watch.waitForRecords(topic, lines, RUN_MS_MAX, child.status);
    const wallS = (performance.now() - started) / 1_000;
    const { cpuS, rssPeakMB: rssMB } = processCost(child.pid);
    const wireMB = topicBytes(join(kafkaDirectory, "data"), topic) / 1e6;
    const fields = fieldsOf(await watch.sample(topic));
    return { run: { agent: peer.name, mode, codec, lines, inputMB, cpuS, wallS, rssMB, wireMB }, fields };
  } finally {
    await end(child);
    await kafka.deleteTopic(topic);
  }
}

async function end(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended already
  }
  await child.status;
}

/** What the broker keeps is what came over the wire: it stores record batches as they are. */
function topicBytes(dataDirectory: string, topic: string): number {
  let bytes = 0;
  for (const { name } of Deno.readDirSync(dataDirectory)) {
    if (name.slice(0, name.lastIndexOf("-")) !== topic) continue;
    for (const file of Deno.readDirSync(join(dataDirectory, name))) {
      if (file.name.endsWith(".log")) bytes += Deno.statSync(join(dataDirectory, name, file.name)).size;
    }
  }
  return bytes;
}

function fieldsOf(recordText: string): string {
  const { Time, Contents }: { Time: number; Contents: { Key: string }[] } = JSON.parse(recordText);
  return ["Time", typeof Time, ...Contents.map(({ Key }) => Key).toSorted()].join(" ");
}

function checkSameFields(fieldsByPeer: ReadonlyMap<string, string>): void {
  const [first] = fieldsByPeer.values();
  for (const [name, fields] of fieldsByPeer) {
    if (fields !== first) {
      throw new Error(`The agents do not do the same work: ${name} writes "${fields}", another "${first}"`);
    }
  }
}

function say(text: string): void {
  console.error(`bench: ${text}`);
}

if (import.meta.main) {
  dropWarnings();
  try {
    await bench(parseOptions(Deno.args, PEERS));
  } catch (error) {
    say(`failed: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
