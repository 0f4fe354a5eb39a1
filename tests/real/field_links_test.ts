/**
 * A program that names its newest log by a link, on the compiled binary and a real broker: when the link moves on, the old file is read
 * to its end and then the new one. Every line must arrive once and in order.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { Arrivals, numberedLines } from "../support/numbered_lines.ts";
import { needs } from "../support/requirement.ts";
import { TestSluice } from "../support/sluice.ts";

const TOPIC = "linked";
/** How long to wait for lines that must not come. */
const AFTERWARDS_MS = 1500;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function pipeline(path: string, brokers: string): string {
  return `inputs:
  - Type: input_file
    FilePaths: [${path}]
flushers:
  - Type: flusher_kafka_v2
    Brokers: [${brokers}]
    Topic: ${TOPIC}
`;
}

/** Numbered lines in one file after another; a link names the newest. */
class LinkedLog implements Disposable {
  readonly #directory = Deno.makeTempDirSync({ prefix: "sluice-linked-" });
  /** The link. */
  readonly path = join(this.#directory, "current.log");
  #files = 0;
  lines = 0;

  constructor() {
    this.moveOn();
  }

  /** Begins a new file, and lets the link lead there in one step. */
  moveOn(): void {
    const name = `app-${++this.#files}.log`;
    Deno.writeTextFileSync(join(this.#directory, name), "");
    Deno.symlinkSync(name, `${this.path}.new`);
    Deno.renameSync(`${this.path}.new`, this.path);
  }

  write(lines: number): void {
    const path = join(this.#directory, `app-${this.#files}.log`);
    const texts = numberedLines("app", this.lines, this.lines + lines);
    Deno.writeTextFileSync(path, `${texts.join("\n")}\n`, { append: true });
    this.lines += lines;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#directory, { recursive: true });
  }
}

// fluent/fluent-bit#2110, open-telemetry/opentelemetry-collector-contrib#2946: what was unread of a link's old target was lost.
Deno.test("a link that moves on to another file while the agent is behind", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await kafka.createTopic(TOPIC);
  using log = new LinkedLog();
  await using sluice = await TestSluice.prepare({ pipelines: { "app.yaml": pipeline(log.path, kafka.brokers) } });
  using arrivals = await Arrivals.follow(kafka.port, TOPIC);
  log.write(100);
  sluice.start();
  await arrivals.untilTotal(log.lines);
  log.write(100_000);
  log.moveOn();
  log.write(100);
  await arrivals.untilTotal(log.lines);
  log.write(100);
  log.moveOn();
  log.write(100);
  await arrivals.untilTotal(log.lines);
  await pause(AFTERWARDS_MS);
  assertEquals(await sluice.stop(), 0);
  await arrivals.readOn();
  arrivals.check({ app: log.lines });
});
