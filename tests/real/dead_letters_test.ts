/**
 * Records that a topic does not take become dead letters; `sluice dead-letters` shows them, and sends them once the topic takes them, or
 * to another one, while an agent runs. With the binary and a real broker.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import { canRunFlusherScene, type FlusherAgent, FlusherScene } from "../support/flusher_scene.ts";
import { fieldOf, pipelineText } from "../support/made_up_node.ts";
import { seededRandom } from "../support/random.ts";
import { eventually, sluiceBinary } from "../support/sluice.ts";

const SMALL = { "max.message.bytes": "20000" };
/** What makes records have keys. */
const KEYED = ["PartitionerType: hash", "HashKeys: [content._source_]", 'Headers: [{key: "from", value: "sluice"}]'];
const LETTERS = 150_000;
const KILLS = 4;
/** Letters that are settled at a time. */
const PORTION_LINES_MAX = 2048;
const large = Array.from({ length: 3 }, (_, index) => `${index} ${"x".repeat(50_000)}`);

/** `sluice dead-letters` beside an agent, with its directories. */
async function deadLetters(agent: FlusherAgent, ...args: string[]) {
  const { directory } = agent.sluice;
  const places = ["--config", join(directory, "config"), "--checkpoint", join(directory, "checkpoint")];
  const command = new Deno.Command(await sluiceBinary(), { args: ["dead-letters", ...args, ...places], stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

async function contents(scene: FlusherScene, topic: string): Promise<string[]> {
  return (await scene.kafka.consumeAll(topic)).map(({ value }) => fieldOf(value, "content"));
}

function isEmpty(agent: FlusherAgent): boolean {
  const names = [...Deno.readDirSync(join(agent.sluice.directory, "checkpoint"))].map(({ name }) => name);
  return !names.some((name) => name.includes("dead-letters"));
}

async function start(scene: FlusherScene, topic: string, options: readonly string[], partitions = 1) {
  await scene.kafka.createTopic(topic, partitions, SMALL);
  const agent = await scene.startAgent({
    lines: ["first", ...large, "last"],
    flushers: [{ options: [`Topic: ${topic}`, ...options] }],
  });
  await eventually("all is settled", () => agent.isSettled);
  assertEquals((await contents(scene, topic)).sort(), ["first", "last"]);
  return agent;
}

/** Once the topic takes them, they are sent; a letter that comes later stays for the next time. */
async function testRaisedLimit(scene: FlusherScene): Promise<void> {
  await using agent = await start(scene, "raised", []);
  const size = Deno.statSync(agent.log.path).size;
  const letters = Deno.readTextFileSync(join(agent.sluice.directory, "checkpoint", "sluice.dead-letters.jsonl"));
  const [{ pipeline, brokers, source, offsets }] = letters.split("\n", 1).map((line) => JSON.parse(line));
  assertEquals([pipeline, brokers], ["web", [scene.kafka.brokers]]);
  assertStringIncludes(source, "/var/log/pods/default_web-1_uid-web/web/0.log");
  assert(offsets[0] >= 0 && offsets[1] <= size, JSON.stringify(offsets));
  const listed = await deadLetters(agent, "list");
  assertEquals([listed.code, listed.stderr], [0, ""]);
  assertMatch(listed.stdout, /\nraised +3 .* MESSAGE_TOO_LARGE/);
  const refused = await deadLetters(agent, "replay");
  assertEquals([refused.code, refused.stdout.split(": ").slice(0, 2)], [1, ["3 kept", "for raised"]]);
  await scene.kafka.setTopicConfig("raised", { "max.message.bytes": "200000" });
  await eventually("the broker knows the new limit", async () => {
    const { code, stdout } = await deadLetters(agent, "replay");
    return code === 0 && /^[1-3] sent to raised\n$/.test(stdout);
  });
  assertEquals((await contents(scene, "raised")).sort(), [...large, "first", "last"].sort());
  assert(isEmpty(agent));
  agent.log.writeLines(["y".repeat(300_000)]);
  await eventually("a letter comes later", () => !isEmpty(agent));
  assertEquals(agent.deadLetters.length, 1);
  await agent.stop();
}

/** Another topic gets the keys and headers of its letters, in the partition that the key leads to. */
async function testOtherTopic(scene: FlusherScene): Promise<void> {
  await using agent = await start(scene, "small", KEYED, 3);
  await scene.kafka.createTopic("spare", 3);
  const sent = await deadLetters(agent, "replay", "--to", "spare", "--topic", "small");
  assertEquals(sent, { code: 0, stdout: "3 sent to spare\n", stderr: "" });
  assert(isEmpty(agent));
  const messages = await scene.read("spare", 3);
  const texts = messages.map(({ payload }) => fieldOf(new TextEncoder().encode(payload), "content"));
  assertEquals(texts.toSorted(), large);
  assertEquals(messages.map(({ key, headers }) => [key, headers]), Array(3).fill(["stdout", [["from", "sluice"]]]));
  const [{ partition }] = await scene.read("small", 2);
  assertEquals(new Set(messages.map((message) => message.partition)), new Set([partition]));
  await agent.stop();
}

/** A topic that takes only some: what it has acknowledged is gone, the rest is kept, and sent later. */
async function testSome(scene: FlusherScene): Promise<void> {
  await using agent = await start(scene, "some", []);
  agent.log.writeLines([
    "z".repeat(150_000),
    ...Array.from({ length: 20 }, (_, index) => `${index} ${"w".repeat(25_000)}`),
  ]);
  await eventually("all are letters", () => agent.deadLetters.length === 24);
  await scene.kafka.createTopic("larger", 1, { "max.message.bytes": "120000" });
  const sent = await deadLetters(agent, "replay", "--to", "larger");
  assertEquals([sent.code, sent.stdout.split("\n")[0]], [1, "23 sent to larger"]);
  assertMatch(sent.stdout, /\n1 kept: for some: .*MESSAGE_TOO_LARGE/);
  assertEquals((await contents(scene, "larger")).length, 23);
  assertEquals(agent.deadLetters.map(({ message }) => message.length > 150_000), [true]);
  await scene.kafka.createTopic("largest");
  assertEquals((await deadLetters(agent, "replay", "--to", "largest")).stdout, "1 sent to largest\n");
  assertEquals((await contents(scene, "largest")).map((text) => text.length), [150_000]);
  assert(isEmpty(agent));
  await agent.stop();
}

/** SIGKILL at any moment repeats a portion at most; in between, letters come as an agent adds them. */
async function testKilled(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("killed", 2);
  const directory = Deno.makeTempDirSync({ prefix: "sluice-killed-" });
  const path = join(directory, "sluice.dead-letters.jsonl");
  Deno.writeTextFileSync(join(directory, "web.yaml"), pipelineText("web", scene.kafka.brokers, "killed"));
  let written = 0;
  const write = (count: number) => {
    const lines = Array.from({ length: count }, () => letterLine("killed", `${written++} ${"x".repeat(200)}`));
    Deno.writeTextFileSync(path, lines.join(""), { append: true });
  };
  write(LETTERS);
  const random = seededRandom("killed replays");
  const args = ["dead-letters", "replay", "--config", join(directory, "web.yaml"), "--checkpoint", directory];
  for (let kill = 0; kill < KILLS; kill++) {
    const before = tryProgress(directory);
    const child = new Deno.Command(await sluiceBinary(), { args, stdin: "null", stdout: "null" }).spawn();
    await eventually("a portion is settled", () => ![undefined, before].includes(tryProgress(directory)));
    await new Promise((resolve) => setTimeout(resolve, random.integer(0, 200)));
    write(10);
    child.kill("SIGKILL");
    const { signal } = await child.status;
    assertEquals(signal, "SIGKILL", "the command was faster than the test");
  }
  const last = new Deno.Command(await sluiceBinary(), { args, stdin: "null" });
  const { code, stdout } = await last.output();
  assertEquals(code, 0);
  const arrived = (await scene.kafka.consumeAll("killed")).map(({ value }) =>
    parseInt(new TextDecoder().decode(value!))
  );
  assertEquals(new Set(arrived).size, written);
  const repeated = arrived.length - written;
  console.log(
    `${repeated} of ${written} letters were repeated by ${KILLS} kills; the last run: ${
      new TextDecoder().decode(stdout)
    }`,
  );
  assert(repeated <= KILLS * PORTION_LINES_MAX, `${repeated} letters were repeated`);
  assertEquals([...Deno.readDirSync(directory)].map(({ name }) => name), ["web.yaml"]);
  Deno.removeSync(directory, { recursive: true });
}

/** How far the command that works, or the one that was killed, has come. */
function tryProgress(directory: string): string | undefined {
  return makeDenoEnv().files.tryReadText(join(directory, "sluice.dead-letters.claimed.json"));
}

function letterLine(topic: string, message: string): string {
  return `${JSON.stringify({ time: new Date().toISOString(), topic, reason: "too large", message })}\n`;
}

Deno.test("dead letters are shown, and sent again once", async (test) => {
  if (!canRunFlusherScene()) return;
  await using scene = await FlusherScene.start();
  await test.step("to their topic, when it takes them", () => testRaisedLimit(scene));
  await test.step("to another topic, with keys and headers", () => testOtherTopic(scene));
  await test.step("some of them", () => testSome(scene));
  await test.step("by a command that is killed again and again", () => testKilled(scene));
});
