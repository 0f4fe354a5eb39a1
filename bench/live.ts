/**
 * `deno task bench:live`: the compiled binary while containers write: latency, cost at a steady load, time to the first record. Flags:
 * `--only MODE,…`, `--seconds N` of each measurement, `--seed N`, `--binary PATH`.
 *
 * @module
 */
import { join } from "@std/path";
import { parseArgs } from "node:util";
import { TestKafka } from "../tests/support/kafka.ts";
import { sluiceBinary } from "../tests/support/sluice.ts";
import { LATENCY_LOADS, measureLatency } from "./latency.ts";
import type { LiveSetting } from "./live_agent.ts";
import { measureStart } from "./start.ts";
import { measureSteady } from "./steady.ts";

type Measure = (setting: LiveSetting) => Promise<object>;

const MODES: ReadonlyMap<string, Measure> = new Map<string, Measure>([
  ["start", measureStart],
  ["steady-plain", (setting) => measureSteady(setting, "plain")],
  ["steady-regex", (setting) => measureSteady(setting, "regex")],
  ...LATENCY_LOADS.map((load) => [load.name, (setting: LiveSetting) => measureLatency(setting, load)] as const),
]);

async function bench(args: string[]): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ args, options: { only: text, seconds: text, seed: text, binary: text } });
  const names = values.only?.split(",") ?? [...MODES.keys()];
  const unknown = names.filter((name) => !MODES.has(name));
  if (unknown.length > 0) throw new Error(`--only takes ${[...MODES.keys()].join(", ")}, not ${unknown.join(", ")}`);
  const directory = await Deno.makeTempDir({ prefix: "sluice-live-" });
  try {
    const binary = values.binary ?? await sluiceBinary();
    await using kafka = await TestKafka.start({ dataDirectory: join(directory, "kafka") });
    const setting = { binary, directory, kafka, seconds: Number(values.seconds ?? 20), seed: Number(values.seed ?? 1) };
    for (const name of names) show(await MODES.get(name)!(setting));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function show(result: object): void {
  const figures = Object.entries(result).filter(([name]) => name !== "histogram");
  console.log(figures.map(([name, value]) => name === "mode" ? value : `${name} ${value}`).join(", "));
  if ("histogram" in result) console.log(result.histogram);
}

if (import.meta.main) {
  try {
    await bench(Deno.args);
  } catch (error) {
    console.error(`bench: failed: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
