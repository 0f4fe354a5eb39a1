/**
 * Lines that were written to keep a log agent busy: a value that a pattern could take forever for, and JSON that is deep, long or
 * broken. Through the binary: everything arrives, another pipeline's lines arrive meanwhile, and memory stays bounded.
 *
 * @module
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { containerLine, type MadeUpContainer, MadeUpNode } from "../support/made_up_node.ts";
import { residentBytes } from "../support/process_figures.ts";
import { eventually, TestSluice } from "../support/sluice.ts";

const CHARS = 100_000;
const DEPTH = 10_000;
const KEYS = 20_000;
const LONG_BYTES = 10_000_000;
const PIECE_BYTES = 16 * 1024;
const RESPONSE_MS_MAX = 2000;
const RESIDENT_BYTES_MAX = 400_000_000;
const PROBE_EVERY_MS = 200;

const encoder = new TextEncoder();

/** A pipeline that writes the containers with the label `app: name` to standard output. */
function pipeline(name: string, ...processors: readonly object[]): string {
  return JSON.stringify({
    inputs: [{ Type: "service_docker_stdout", IncludeK8sLabel: { app: name } }],
    processors,
    flushers: [{ Type: "flusher_stdout", OnlyStdout: true, KeyValuePairs: true }],
  });
}

/** Writes a line as a runtime cuts it. */
function writePieces(container: MadeUpContainer, content: Uint8Array): void {
  for (let at = 0; at < content.length; at += PIECE_BYTES) {
    const tag = at + PIECE_BYTES < content.length ? "P" : "F";
    container.write(containerLine(tag, content.subarray(at, at + PIECE_BYTES)));
  }
}

/** The records that a container named `name` has given so far. */
function recordsOf(sluice: TestSluice, name: string): Record<string, string>[] {
  const lines = sluice.stdout.split("\n").slice(0, -1).filter((line) => line.includes(`"${name}-1"`));
  return lines.map((line) => JSON.parse(line));
}

/** Writes a numbered line now and then to a quiet container, and notes how long the slowest took to arrive. */
async function slowestProbe(node: MadeUpNode, sluice: TestSluice, until: () => boolean): Promise<number> {
  const quiet = node.addContainer("quiet");
  let slowestMs = 0;
  for (let number = 0; number < 3 || !until(); number++) {
    const start = performance.now();
    const line = `probe-${number}-end`;
    quiet.writeLines([line]);
    await eventually(`${line} arrives`, () => sluice.stdout.includes(line), 60_000);
    // The first waits for the container to be found.
    if (number > 0) slowestMs = Math.max(slowestMs, performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
  }
  return slowestMs;
}

Deno.test("a pattern that could take forever keeps nobody waiting", async () => {
  using node = new MadeUpNode();
  const web = node.addContainer("web");
  const regex = { Type: "processor_regex", SourceKey: "content", Regex: "(a+)+$", Keys: ["found"] };
  const pipelines = { "quiet.yaml": pipeline("quiet"), "web.yaml": pipeline("web", regex) };
  await using sluice = await TestSluice.prepare({ ...node, pipelines });
  sluice.start();
  const hostile = ["a".repeat(CHARS) + "b", "a".repeat(40) + "b", "x" + "aa".repeat(CHARS / 2)];
  for (let round = 0; round < 10; round++) web.writeLines([...hostile, "plain aaa"]);
  const count = 10 * (hostile.length + 1);
  const slowestMs = await slowestProbe(node, sluice, () => recordsOf(sluice, "web").length >= count);
  assertEquals(await sluice.stop(), 0);
  assertLess(slowestMs, RESPONSE_MS_MAX);
  const records = recordsOf(sluice, "web");
  assertEquals(records.length, count);
  const found = records.map(({ content, found }) =>
    content === undefined ? `${found.length} a` : `kept ${content.length}`
  );
  assertEquals(found.slice(-4), ["kept 100001", "kept 41", "100000 a", "3 a"]);
});

const BROKEN_JSON: readonly string[] = [
  '{"k":'.repeat(DEPTH) + "1" + "}".repeat(DEPTH),
  `{"k":${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}}`,
  '{"k":'.repeat(DEPTH),
  `{"k":"first","k":"second","k":"third"}`,
  '{"nul":"a\\u0000b","\\u0000":"c"}',
  '{"raw":"a\u0000b"}',
  '{"half":"\\ud83d","other half":"\\ude00","\\udfff":"x"}',
  '{"__proto__":"x","constructor":{"prototype":"y"}}',
  `{"number":1e999999999,"long":${"9".repeat(10_000)}}`,
  `{${Array.from({ length: KEYS }, (_, index) => `"k${index % 10}":"v"`).join(",")}}`,
  "{".repeat(1000),
];

Deno.test("JSON that is deep, long or broken arrives, and keeps nobody waiting", async () => {
  using node = new MadeUpNode();
  const web = node.addContainer("web");
  const json = { Type: "processor_json", SourceKey: "content", ExpandDepth: 0, KeepSource: true };
  const pipelines = { "quiet.yaml": pipeline("quiet"), "web.yaml": pipeline("web", json) };
  await using sluice = await TestSluice.prepare({ ...node, pipelines });
  sluice.start();
  const long = `{"long":"${"v".repeat(LONG_BYTES)}"}`;
  for (const text of [...BROKEN_JSON, long]) writePieces(web, encoder.encode(text));
  web.writeLines(['{"last":"line"}']);
  let residentMax = 0;
  const hasLast = () => {
    residentMax = Math.max(residentMax, residentBytes(sluice.pid));
    return recordsOf(sluice, "web").some(({ content }) => content === '{"last":"line"}');
  };
  const slowestMs = await slowestProbe(node, sluice, hasLast);
  assertEquals(await sluice.stop(), 0);
  const contents = recordsOf(sluice, "web").map(({ content }) => content ?? "");
  const expected = [...BROKEN_JSON, long, '{"last":"line"}'].join("");
  // Not assertEquals: it would print megabytes. A line that is larger than a record may be is cut into several.
  assert(contents.join("") === expected, `${contents.join("").length} of ${expected.length} characters arrive`);
  assertLess(slowestMs, RESPONSE_MS_MAX);
  assertLess(residentMax, RESIDENT_BYTES_MAX);
});
