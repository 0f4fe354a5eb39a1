/**
 * Bad configuration, bad logs, a bad checkpoint: the binary says what is wrong and goes on with what is right.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname } from "@std/path";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { containerLine, fieldOf, MadeUpNode, pipelineText } from "../support/made_up_node.ts";
import { seededRandom } from "../support/random.ts";
import { needs } from "../support/requirement.ts";
import { eventually, TestSluice } from "../support/sluice.ts";

const TOPIC = "lines";
const PIECE_BYTES = 16 * 1024;
const LARGE_BYTES = 5_000_000;
const NEWLINE = 0x0a;
const UNPARSABLE = "inputs:\n  - Type: [service_docker_stdout\nflushers: {\n";
const INVALID = pipelineText("web", "127.0.0.1:9092", TOPIC).replace("service_docker_stdout", "service_docker_stdoot");

const encode = (text: string) => new TextEncoder().encode(text);

/** What has arrived, in order: the topic has one partition. */
async function readContents(kafka: TestKafka, count = 0): Promise<string[]> {
  const messages = await kafka.consumeAll(TOPIC, { count, timeoutMs: 60_000 });
  return messages.map(({ value }) => fieldOf(value, "content"));
}

Deno.test("broken and invalid pipelines are reported with file and line, the good one delivers", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await kafka.createTopic(TOPIC);
  using node = new MadeUpNode();
  node.addContainer("web").writeLines(["one", "two"]);
  const pipelines = {
    "broken.yaml": UNPARSABLE,
    "good.yaml": pipelineText("web", kafka.brokers, TOPIC),
    "invalid.yaml": INVALID,
  };
  await using sluice = await TestSluice.prepare({ ...node, pipelines });
  sluice.start();
  assertEquals(await readContents(kafka, 2), ["one", "two"]);
  assertEquals(await sluice.stop(), 0);
  assertMatch(sluice.log, /ERROR \S*\/broken\.yaml:[23]:\d+ error: /);
  assertMatch(sluice.log, /ERROR \S*\/invalid\.yaml:2:\d+ error: .*service_docker_stdoot.*service_docker_stdout/);
  assertEquals(sluice.stdout, "");
});

Deno.test("when no pipeline can run, the agent ends with exit code 2 and says why", async () => {
  using node = new MadeUpNode();
  const cases: Record<string, string>[] = [
    { "broken.yaml": UNPARSABLE, "invalid.yaml": INVALID },
    { "off.yaml": `enable: false\n${pipelineText("web", "127.0.0.1:9092", TOPIC)}` },
    {},
  ];
  for (const pipelines of cases) {
    await using sluice = await TestSluice.prepare({ ...node, pipelines });
    sluice.start();
    assertEquals(await sluice.ended(), 2);
    for (const name of Object.keys(pipelines)) assertStringIncludes(sluice.log, name.replace(".yaml", ""));
    assertStringIncludes(sluice.log, "can run");
  }
});

/** A part of a log: its bytes, and the content that must arrive. */
interface Part {
  readonly bytes: Uint8Array;
  readonly content: string;
}

/** A whole container log line. */
function line(content: Uint8Array): Part {
  return { bytes: containerLine("F", content), content: new TextDecoder().decode(content) };
}

/** A line that no container runtime writes. */
function rawLine(content: Uint8Array): Part {
  return { bytes: new Uint8Array([...content, NEWLINE]), content: new TextDecoder().decode(content) };
}

/** A record as a runtime cuts it: after so many bytes, characters or not. */
function piecewise(content: Uint8Array): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < content.length; at += PIECE_BYTES) {
    const isLast = at + PIECE_BYTES >= content.length;
    parts.push({ bytes: containerLine(isLast ? "F" : "P", content.subarray(at, at + PIECE_BYTES)), content: "" });
  }
  return [{ bytes: new Uint8Array(), content: new TextDecoder().decode(content) }, ...parts];
}

/** ASCII, numbered throughout, so that a byte in the wrong place shows. */
function large(seed: string): Uint8Array {
  let text = seed;
  for (let number = 0; text.length < LARGE_BYTES; number++) text += ` ${number}`;
  return encode(text);
}

function badLog(): Part[] {
  const random = seededRandom("bad log");
  const binary = random.bytes(20_000).map((byte) => byte === NEWLINE ? 0 : byte);
  return [
    line(encode("before")),
    rawLine(encode("this is no container log line")),
    line(binary),
    rawLine(binary),
    line(new Uint8Array([0x63, 0x61, 0x66, 0xe9, 0x20, 0xff, 0xfe, 0x20, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98])),
    rawLine(new Uint8Array()),
    rawLine(large("no head")),
    rawLine(encode("é€😀".repeat(100_000))),
    line(encode("between")),
    ...piecewise(large("in pieces")),
    ...piecewise(encode("x" + "é€😀".repeat(100_000))),
    line(encode("\u0001".repeat(500_000))),
    line(encode('"\\\t\u2028\u007f')),
    line(encode("after")),
  ];
}

Deno.test("whatever is in a log arrives, in order, as valid JSON, and nothing stops", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await kafka.createTopic(TOPIC);
  using node = new MadeUpNode();
  const container = node.addContainer("web");
  const pipelines = { "web.yaml": pipelineText("web", kafka.brokers, TOPIC) };
  await using sluice = await TestSluice.prepare({ ...node, pipelines });
  const parts = badLog();
  for (const { bytes } of parts.slice(0, 5)) container.write(bytes);
  sluice.start();
  for (const { bytes } of parts.slice(5)) container.write(bytes);
  await eventually("the last line arrives", async () => (await readContents(kafka)).at(-1) === "after");
  assertEquals(await sluice.stop(), 0);
  const contents = await readContents(kafka);
  const expected = parts.map(({ content }) => content).join("");
  const arrived = contents.join("");
  // Not assertEquals: it would print megabytes.
  assert(arrived === expected, firstDifference(arrived, expected));
  for (const whole of ["before", "this is no container log line", "between", "after", ""]) {
    assertEquals(contents.filter((content) => content === whole).length, 1, `"${whole}" is a record of its own`);
  }
});

function firstDifference(actual: string, expected: string): string {
  let at = 0;
  while (at < expected.length && actual[at] === expected[at]) at++;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 20));
  return `${actual.length} of ${expected.length} characters; at ${at}: ${around(actual)} for ${around(expected)}`;
}

Deno.test("a checkpoint that cannot be read is set aside, and the agent delivers", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await kafka.createTopic(TOPIC);
  using node = new MadeUpNode();
  node.addContainer("web").writeLines(["one"]);
  const pipelines = { "web.yaml": pipelineText("web", kafka.brokers, TOPIC) };
  await using sluice = await TestSluice.prepare({ ...node, pipelines });
  Deno.mkdirSync(dirname(sluice.checkpointPath));
  Deno.writeTextFileSync(sluice.checkpointPath, '{"version":1,"pipelines":{"web":');
  sluice.start();
  assertEquals(await readContents(kafka, 1), ["one"]);
  assertEquals(await sluice.stop(), 0);
  const aside = [...Deno.readDirSync(dirname(sluice.checkpointPath))].filter(({ name }) => name.includes(".corrupt-"));
  assertEquals(aside.length, 1);
  assertStringIncludes(sluice.log, `WARN  The checkpoint ${sluice.checkpointPath} cannot be used`);
  assertStringIncludes(sluice.log, aside[0].name);
  assertEquals(Object.keys(JSON.parse(Deno.readTextFileSync(sluice.checkpointPath)).pipelines), ["web"]);
});
