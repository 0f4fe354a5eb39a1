/**
 * The compiled binary with several threads, killed and started again with another number of them: every line of every container
 * arrives, in order, and after a clean stop none comes twice. Lines of all threads go to one topic or into one file.
 *
 * @module
 */
import { TopicWatch } from "../../bench/topic_watch.ts";
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { type MadeUpContainer, MadeUpNode } from "../support/made_up_node.ts";
import { numberedLines } from "../support/numbered_lines.ts";
import { needs } from "../support/requirement.ts";
import { eventually, TestSluice } from "../support/sluice.ts";

const WRITERS = Array.from("abcdefghijkl", (letter) => `writer-${letter}`);
const PADDING = "x".repeat(200);
/** What six record batches of a megabyte hold, and what is settled and not saved in a tenth of a second, in each of three threads. */
const IN_FLIGHT_RECORDS_MAX = 3 * 2 * 6 * 2000;
const INPUT = "inputs:\n  - Type: service_docker_stdout\n    Stderr: false\n";

/** Containers that write numbered lines. */
class Writers implements Disposable {
  readonly node = new MadeUpNode();
  readonly #containers: readonly MadeUpContainer[] = WRITERS.map((name) => this.node.addContainer(name));
  /** How many lines each has written. */
  count = 0;

  write(lines: number): void {
    for (const [index, container] of this.#containers.entries()) {
      container.writeLines(numberedLines(WRITERS[index], this.count, this.count + lines, PADDING));
    }
    this.count += lines;
  }

  rotate(): void {
    for (const container of this.#containers) container.rotate();
  }

  get total(): number {
    return this.count * WRITERS.length;
  }

  [Symbol.dispose](): void {
    this.node[Symbol.dispose]();
  }
}

/** Checks that each writer's lines are all there, first seen in their order. @returns how many came again. */
function checkLines(texts: Iterable<string>, count: number): number {
  const next = new Map(WRITERS.map((name) => [name, 0]));
  let repeated = 0;
  for (const text of texts) {
    const [, name, digits] = /(writer-[a-l]) (\d+) x/.exec(text) ?? [];
    const expected = next.get(name);
    assert(expected !== undefined, `a line of nobody: ${text.slice(0, 200)}`);
    assert(Number(digits) <= expected, `${name}: line ${digits} came before ${expected}`);
    if (Number(digits) === expected) next.set(name, expected + 1);
    else repeated++;
  }
  assertEquals([...next.values()], WRITERS.map(() => count));
  return repeated;
}

/** How many records have arrived. */
type Arrived = () => Promise<number>;

/** Lives with other numbers of threads. @returns how many records had come when the first of them was stopped cleanly. */
async function live(sluice: TestSluice, writers: Writers, arrived: Arrived): Promise<number> {
  writers.write(6_000);
  sluice.start("--threads", "2");
  // What was rotated before any thread had begun with its log is not looked for after the next start.
  await eventually("every log is begun", () => positionsIn(sluice.checkpointPath) === WRITERS.length, 60_000);
  await sluice.kill();
  writers.rotate();
  writers.write(2_000);
  sluice.start("--threads", "3");
  await eventually("every line arrives after a kill", async () => await arrived() >= writers.total, 60_000);
  await eventually("nothing more comes", async () => await isStill(arrived), 60_000);
  assertEquals(await sluice.stop(), 0);
  const stopped = await arrived();
  const stoppedCount = writers.total;
  for (const threads of ["1", "2"]) {
    writers.write(500);
    sluice.start("--threads", threads);
    const expected = stopped + writers.total - stoppedCount;
    await eventually("every line arrives after a stop", async () => await arrived() >= expected, 60_000);
    assertEquals(await sluice.stop(), 0);
    assertEquals(await arrived(), expected, "nothing comes twice after a clean stop");
  }
  return stopped - stoppedCount;
}

function positionsIn(checkpointPath: string): number {
  try {
    return Object.keys(JSON.parse(Deno.readTextFileSync(checkpointPath)).pipelines.all).length;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function isStill(arrived: Arrived): Promise<boolean> {
  const before = await arrived();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return await arrived() === before;
}

Deno.test("several threads, killed and started with another number of them, to Kafka", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await kafka.createTopic("lines");
  using writers = new Writers();
  const text = `${INPUT}flushers:\n  - Type: flusher_kafka_v2\n    Brokers: [${kafka.brokers}]\n    Topic: lines\n`;
  const { hostRoot, staticContainers } = writers.node;
  await using sluice = await TestSluice.prepare({ hostRoot, staticContainers, pipelines: { "all.yaml": text } });
  const read = async () => (await kafka.consumeAll("lines")).map(({ value }) => new TextDecoder().decode(value!));
  using topic = await TopicWatch.open(kafka.port, "lines");
  const repeated = await live(sluice, writers, () => topic.recordCount());
  assertEquals(checkLines(await read(), writers.count), repeated);
  console.log(`${writers.total} lines: ${repeated} came twice after the kill`);
  assertLessOrEqual(repeated, IN_FLIGHT_RECORDS_MAX);
  assertEquals(new Set(sluice.log.match(/(?<=ERROR).*/g)), new Set());
});

Deno.test("several threads write whole lines into one file that rolls", async () => {
  using writers = new Writers();
  const directory = await Deno.makeTempDir({ prefix: "sluice-threads-" });
  const path = `${directory}/all.log`;
  const text = `${INPUT}flushers:\n  - Type: flusher_file\n    FilePath: ${path}\n    MaxFileSize: 4000000\n`;
  const { hostRoot, staticContainers } = writers.node;
  const pipelines = { "all.yaml": `${text}    MaxFiles: 1000\n` };
  await using sluice = await TestSluice.prepare({ hostRoot, staticContainers, pipelines });
  const lines = () => linesOf(directory);
  const repeated = await live(sluice, writers, () => Promise.resolve(lines().length));
  assertLessOrEqual(repeated, IN_FLIGHT_RECORDS_MAX);
  assertEquals(countDistinct(lines()), writers.total);
  assertLessOrEqual(lines().filter((line) => !isWhole(line)).length, 1, "only a kill may cut a line");
  await Deno.remove(directory, { recursive: true });
});

/** A file that rolls while it is looked at is looked for again. */
function linesOf(directory: string): string[] {
  try {
    const texts = [...Deno.readDirSync(directory)].map(({ name }) => Deno.readTextFileSync(`${directory}/${name}`));
    return texts.flatMap((text) => text.split("\n").filter((line) => line !== ""));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return linesOf(directory);
    throw error;
  }
}

function countDistinct(texts: readonly string[]): number {
  return new Set(texts.map((text) => /writer-[a-l] \d+ x/.exec(text)?.[0])).size;
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
