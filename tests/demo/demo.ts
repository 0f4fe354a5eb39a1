/**
 * `deno task demo`: the agent at work on two made-up pods, in a temporary directory that stands for the node. Records go to
 * standard output as JSON lines, what happens goes to standard error. Ends with 0 when every written line arrived exactly once
 * and the agent ended cleanly.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { parseArgs } from "node:util";
import { AgentProcess } from "./agent_process.ts";
import { KafkaReader } from "./kafka_reader.ts";
import { describePods, MadeUpPods } from "./made_up_pods.ts";
import { DEMO_TOPICS, writePipelines } from "./pipelines.ts";
import { dropWarnings } from "./quiet_kafkajs.ts";
import { Tally } from "./tally.ts";

const BURST_INTERVAL_MS = 50;
/** How long the agent may take until its first record. */
const START_MS_MAX = 20_000;
const REPORT_INTERVAL_MS = 1_000;
const ARRIVAL_MS_MAX = 20_000;
const NO_BROKERS = "127.0.0.1:9092";

interface DemoOptions {
  readonly seconds: number;
  readonly brokers: string | undefined;
  readonly binary: string | undefined;
}

const projectDirectory = dirname(dirname(dirname(fromFileUrl(import.meta.url))));

/** @returns whether everything went well. */
async function demo(options: DemoOptions): Promise<boolean> {
  const directory = await Deno.makeTempDir({ prefix: "sluice-demo-" });
  try {
    return await demoIn(directory, options);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function demoIn(directory: string, { seconds, brokers, binary }: DemoOptions): Promise<boolean> {
  const tally = new Tally();
  const onRecord = (text: string) => {
    tally.arrived(text);
    console.log(text);
  };
  const paths = {
    config: join(directory, "config"),
    hostRoot: join(directory, "node"),
    checkpoint: join(directory, "checkpoint"),
    staticContainers: join(directory, "containers.json"),
  };
  const pods = new MadeUpPods(paths.hostRoot, tally);
  Deno.writeTextFileSync(paths.staticContainers, describePods());
  writePipelines(projectDirectory, paths.config, brokers ?? NO_BROKERS);
  const reader = brokers ? await KafkaReader.open(brokers, DEMO_TOPICS, onRecord) : undefined;
  const agent = new AgentProcess(projectDirectory, binary, paths, { toStdout: !brokers, onRecord });
  say(
    `two pods write for ${seconds} s; records go to ${
      brokers ? `Kafka at ${brokers} and come back from it` : "stdout"
    }`,
  );
  const ended = agent.exitCode.then(() => true);
  const started = performance.now();
  await writeFor(seconds * 1_000, pods, tally, ended);
  await waitUntilComplete(tally, ended);
  const elapsedS = (performance.now() - started) / 1_000;
  const exitCode = await agent.stop();
  await reader?.close();
  return summarize(tally, exitCode, elapsedS);
}

/**
 * Lets the pods write, with a rotation half-way, but not before the agent reads: it begins an older log with the current file. Stops
 * early when the agent has ended.
 */
async function writeFor(durationMs: number, pods: MadeUpPods, tally: Tally, ended: Promise<boolean>): Promise<void> {
  const started = performance.now();
  let rotated = false;
  let reportedMs = 0;
  const isOver = (elapsedMs: number) => elapsedMs >= (rotated ? durationMs : durationMs + START_MS_MAX);
  for (let elapsedMs = 0; !isOver(elapsedMs); elapsedMs = performance.now() - started) {
    pods.burst();
    if (!rotated && elapsedMs > durationMs / 2 && tally.result().arrived > 0) {
      pods.rotate();
      rotated = true;
      say("nginx's log was rotated in the middle of a record");
    }
    if (elapsedMs - reportedMs >= REPORT_INTERVAL_MS) {
      reportedMs = elapsedMs;
      const { written, arrived } = tally.result();
      say(`${written} lines written, ${arrived} arrived, ${Math.round(arrived / elapsedMs * 1_000)} a second`);
    }
    if (await Promise.race([ended, sleep(BURST_INTERVAL_MS)])) return;
  }
}

async function waitUntilComplete(tally: Tally, ended: Promise<boolean>): Promise<void> {
  const deadline = performance.now() + ARRIVAL_MS_MAX;
  while (!tally.complete && performance.now() < deadline) {
    if (await Promise.race([ended, sleep(BURST_INTERVAL_MS)])) return;
  }
}

function summarize(tally: Tally, exitCode: number, elapsedS: number): boolean {
  const { written, arrived, missing, repeated, unknown } = tally.result();
  for (const line of tally.missingLines(3)) say(`missing: ${line}`);
  say(`the agent ended with ${exitCode}`);
  say(
    `${arrived} records in ${elapsedS.toFixed(1)} s (${
      Math.round(arrived / elapsedS)
    } a second) of ${written} lines written`,
  );
  say(`${missing} missing, ${repeated} repeated, ${unknown} unknown`);
  const fine = exitCode === 0 && written > 0 && missing + repeated + unknown === 0;
  say(fine ? "every line arrived exactly once" : "FAILED");
  return fine;
}

function say(text: string): void {
  console.error(`demo: ${text}`);
}

function sleep(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}

function parseOptions(args: string[]): DemoOptions {
  const { values } = parseArgs({
    args,
    options: { seconds: { type: "string" }, brokers: { type: "string" }, binary: { type: "string" } },
  });
  const seconds = Number(values.seconds ?? "10");
  if (!(seconds > 0)) throw new TypeError(`--seconds must be a positive number, not "${values.seconds}"`);
  return { seconds, brokers: values.brokers, binary: values.binary };
}

if (import.meta.main) {
  dropWarnings();
  try {
    Deno.exit(await demo(parseOptions(Deno.args)) ? 0 : 1);
  } catch (error) {
    say(`cannot run: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
