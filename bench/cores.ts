/**
 * What a second thread brings: the same logs with one thread and with two, in turns, into files that nobody
 * waits for to be on the disk, which costs little besides the agent's own work, and to Kafka, which shares this machine's cores with it.
 * Each half of the logs has a pipeline and a file of its own, which the other thread does not write to: what several threads write to
 * is locked for each write. A second thread can only use what others leave: what they used is measured, and of each case the round
 * counts in which that was least.
 *
 * @module
 */
import { join } from "@std/path";
import { shardOf } from "../src/source_shard.ts";
import type { Setting } from "./agent_process.ts";
import { containersText, type MadeUpContainer } from "./made_up_container.ts";
import { logPathOf, type ManyLogs, writeManyLogs } from "./many_logs.ts";
import type { BenchOptions } from "./options.ts";
import { machineCpuS, processCost } from "./process_cost.ts";
import { sluice } from "./sluice.ts";
import { type Row, say, suiteOf } from "./suite.ts";

const THREADS = [1, 2];
/** A label's name and its values. */
const HALF = "half";
const HALVES = ["first", "second"];
/** As many of each thread as of the other: how evenly few logs fall is chance, and not what is asked here. */
const LOGS_PER_THREAD = 8;
/** The part of the bytes over which is measured: neither the start nor the last log counts. */
const FROM_SHARE = 0.15;
const TO_SHARE = 0.85;
const LOOK_MS = 20;
const READ_MS_MAX = 300_000;

/** How fast the logs were read. */
export interface CoresResult extends Row {
  readonly sink: string;
  readonly threads: number;
  /** Of the logs, in a second. */
  readonly inputMBPerS: number;
  /** On average. */
  readonly cores: number;
  /** What everybody else used, the broker included. */
  readonly othersCores: number;
  readonly rssPeakMB: number;
}

/** One thread and two. */
export const cores = suiteOf<CoresResult>({
  modes: ["cores"],
  measure: measureCores,
  columns: [
    { head: "agent", isText: true, cell: ({ agent }) => agent },
    { head: "mode", isText: true, cell: ({ mode }) => mode },
    { head: "to", isText: true, cell: ({ sink }) => sink },
    { head: "threads", cell: ({ threads }) => String(threads) },
    { head: "MB/s", cell: ({ inputMBPerS }) => inputMBPerS.toFixed(0) },
    { head: "× one", cell: (row, all) => timesOne(row, all).toFixed(2) },
    { head: "cores", cell: ({ cores }) => cores.toFixed(2) },
    { head: "others' cores", cell: ({ othersCores }) => othersCores.toFixed(2) },
    { head: "MB/CPU-s", cell: ({ inputMBPerS, cores }) => (inputMBPerS / cores).toFixed(0) },
    { head: "peak MB", cell: ({ rssPeakMB }) => rssPeakMB.toFixed(0) },
  ],
});

function timesOne({ sink, inputMBPerS }: CoresResult, all: readonly CoresResult[]): number {
  return inputMBPerS / (all.find((row) => row.sink === sink && row.threads === 1)?.inputMBPerS ?? NaN);
}

async function measureCores(setting: Setting, { megabytes, seed, rounds }: BenchOptions, mode: string) {
  const hostRoot = join(setting.directory, "node-cores");
  const logs = await writeManyLogs(
    hostRoot,
    "regex",
    evenNumbers(hostRoot),
    megabytes * 1e6 / THREADS.length / LOGS_PER_THREAD,
    seed,
  );
  const runs: CoresResult[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const sink of ["files", "Kafka"]) {
      for (const threads of THREADS) runs.push(await measure(setting, logs, { sink, threads, round, mode }));
    }
  }
  return leastDisturbed(runs);
}

/** Numbers of containers, those of each of two threads together: as many of one as of the other. */
function evenNumbers(hostRoot: string): number[] {
  const numbers: number[][] = THREADS.map(() => []);
  for (let number = 0; numbers.some((of) => of.length < LOGS_PER_THREAD); number++) {
    const source = { key: `stdout:${logPathOf(number)}`, path: "", tags: [], start: "first" } as const;
    const of = numbers[shardOf(source, THREADS.length, hostRoot)];
    if (of.length < LOGS_PER_THREAD) of.push(number);
  }
  return numbers.flat();
}

interface Case {
  readonly sink: string;
  readonly threads: number;
  readonly round: number;
  readonly mode: string;
}

async function measure(setting: Setting, logs: ManyLogs, of: Case): Promise<CoresResult> {
  const { sink, threads, round, mode } = of;
  const name = `cores-${sink.toLowerCase()}-${threads}-${round}`;
  const directory = join(setting.directory, name);
  await Deno.mkdir(join(directory, "config"), { recursive: true });
  if (sink === "Kafka") await setting.kafka.createTopic(name, 4);
  for (const half of HALVES) {
    const flusher = sink === "Kafka" ? kafkaFlusher(setting.kafka.brokers, name) : fileFlusher(join(directory, half));
    await Deno.writeTextFile(join(directory, "config", `${half}.yaml`), pipelineText(half, flusher));
  }
  await Deno.writeTextFile(join(directory, "containers.json"), containersText(logs.containers.map(labelled)));
  try {
    const figures = await measureRun(setting, logs, directory, threads);
    const { inputMBPerS, cores, othersCores } = figures;
    const used = `on ${cores.toFixed(2)} cores, others on ${othersCores.toFixed(2)}`;
    say(`${threads} threads to ${sink}: ${inputMBPerS.toFixed(0)} MB/s ${used}`);
    return { agent: sluice.name, mode, sink, threads, ...figures };
  } finally {
    await Deno.remove(directory, { recursive: true });
    if (sink === "Kafka") await setting.kafka.deleteTopic(name);
  }
}

/** The first are those of the first thread. */
function labelled(container: MadeUpContainer, index: number): MadeUpContainer {
  return { ...container, labels: { [HALF]: HALVES[Math.floor(index / LOGS_PER_THREAD)] } };
}

function pipelineText(half: string, flusher: readonly string[]): string {
  const processor = [
    "Type: processor_regex",
    "SourceKey: content",
    "Regex: '(\\S+) - (\\S+) \\[(\\S+) (\\S+)\\] (.*)'",
  ];
  const options = [...processor, "Keys: [address, user, time, zone, rest]"].map((line) => `    ${line}\n`).join("");
  const input = `  - Type: service_docker_stdout\n    IncludeK8sLabel: {${HALF}: ${half}}\n`;
  return `inputs:\n${input}processors:\n${options.replace("    ", "  - ")}` +
    `flushers:\n${flusher.map((line) => `    ${line}\n`).join("").replace("    ", "  - ")}`;
}

function kafkaFlusher(broker: string, topic: string): string[] {
  return ["Type: flusher_kafka_v2", `Brokers: [${broker}]`, `Topic: ${topic}`, "Compression: lz4"];
}

/** Little of it is kept, so that it is gone before the disk has it. */
function fileFlusher(directory: string): string[] {
  return ["Type: flusher_stdout", `FileName: ${directory}/all.log`, "MaxSize: 67108864", "MaxRolls: 1"];
}

async function measureRun(
  setting: Setting,
  { hostRoot, corpus, containers }: ManyLogs,
  directory: string,
  threads: number,
) {
  const checkpoint = join(directory, "checkpoint");
  const args = ["run", "--config", join(directory, "config"), "--host-root", hostRoot, "--log-level", "warn"];
  args.push("--static-containers", join(directory, "containers.json"), "--checkpoint", checkpoint);
  args.push("--threads", String(threads));
  const program = setting.programs.get(sluice) ?? sluice.name;
  const child = new Deno.Command(program, { args, stdout: "null", stderr: "inherit" }).spawn();
  try {
    const bytes = corpus.bytes * containers.length;
    const read = () => settledBytes(join(checkpoint, "sluice.checkpoint.json"));
    const from = await untilRead(read, bytes * FROM_SHARE, child.pid);
    const to = await untilRead(read, bytes * TO_SHARE, child.pid);
    const wallS = (to.ms - from.ms) / 1000;
    return {
      inputMBPerS: (to.bytes - from.bytes) / 1e6 / wallS,
      cores: (to.cpuS - from.cpuS) / wallS,
      othersCores: (to.machineS - from.machineS - to.cpuS + from.cpuS) / wallS,
      rssPeakMB: processCost(child.pid).rssPeakMB,
    };
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
}

/** Waits until so many bytes are delivered. @returns how many are when, and what CPU time was used for them. */
async function untilRead(read: () => number, bytes: number, pid: number) {
  const deadlineMs = performance.now() + READ_MS_MAX;
  for (;;) {
    const settled = read();
    if (settled >= bytes) {
      return { bytes: settled, ms: performance.now(), cpuS: processCost(pid).cpuS, machineS: machineCpuS() };
    }
    if (performance.now() > deadlineMs) throw new Error(`Only ${settled} of ${bytes} bytes were read in time`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function settledBytes(path: string): number {
  try {
    const { pipelines } = JSON.parse(Deno.readTextFileSync(path));
    const positions = Object.values<Record<string, { offset: number }>>(pipelines).flatMap(Object.values);
    return positions.reduce((sum, { offset }) => sum + offset, 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** Of each case the run in which others used least. */
export function leastDisturbed(runs: readonly CoresResult[]): CoresResult[] {
  const cases = Map.groupBy(runs, ({ sink, threads }) => `${sink} ${threads}`);
  return [...cases.values()].map((of) => of.toSorted((left, right) => left.othersCores - right.othersCores)[0]);
}
