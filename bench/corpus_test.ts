/** @module */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type Corpus, repeatCorpus, writeCorpus } from "./corpus.ts";
import { LOG_KINDS, type LogKind } from "./mode.ts";
import { WORKLOADS } from "./workload.ts";

const TRACE_LINE = /^(\tat |\t\.\.\. \d+ more|Caused by: |[a-z.]+\.[A-Z]\w+Exception: )/;

async function written(mode: LogKind, bytesMin: number, seed = 1): Promise<{ text: string; corpus: Corpus }> {
  const directory = await Deno.makeTempDir();
  try {
    const path = join(directory, "log");
    const corpus = await writeCorpus(path, WORKLOADS[mode], bytesMin, seed);
    return { text: await Deno.readTextFile(path), corpus };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

interface Line {
  readonly time: string;
  readonly content: string;
  readonly isPartial: boolean;
}

/** A line, read without the code that wrote it. */
function tryReadLine(line: string): Line | undefined {
  if (!line.startsWith("{")) {
    const [, time, flag, content] = /^(\S{35}) stdout ([PF]) (.*)$/.exec(line) ?? [];
    return time === undefined ? undefined : { time, content, isPartial: flag === "P" };
  }
  const { log, stream, time }: Record<string, string> = JSON.parse(line);
  const isPartial = !log.endsWith("\n");
  return stream === "stdout" ? { time, content: isPartial ? log : log.slice(0, -1), isPartial } : undefined;
}

function linesOf(text: string): Line[] {
  const unreadable = { time: "", content: "unreadable", isPartial: false };
  return text.trimEnd().split("\n").map(tryReadLine).map((line) => line ?? unreadable);
}

for (const mode of LOG_KINDS) {
  Deno.test(`${mode}: every line can be read, and the samples are records of the log`, async () => {
    const { text, corpus } = await written(mode, 1_000_000);
    const lines = linesOf(text);
    assertEquals(lines.length, corpus.lines);
    assertEquals(new TextEncoder().encode(text).length, corpus.bytes);
    const all = "\n" + lines.map(({ content, isPartial }) => content + (isPartial ? "" : "\n")).join("");
    const times = new Map(lines.map(({ content, time }) => [content, time]));
    for (const sample of corpus.samples) {
      assert(all.includes(`\n${sample.content}\n`), sample.content.slice(0, 200));
      const first = sample.content.split("\n")[0].slice(0, WORKLOADS[mode].pieceLength);
      assertEquals(sample.times[0], times.get(first));
    }
    if (corpus.keys.join() === "content") assertEquals(all.length, corpus.fieldsLength + corpus.records + 1);
    assert(corpus.samples.length >= 3, "too few samples");
  });

  Deno.test(`${mode}: the same seed gives the same log, another seed another`, async () => {
    const [first, again, other] = await Promise.all([1, 1, 2].map((seed) => written(mode, 100_000, seed)));
    assertEquals(first, again);
    assert(first.text !== other.text);
  });
}

Deno.test("lines-16k: every line is cut at 16 KiB, into two or three pieces", async () => {
  const lines = linesOf((await written("lines-16k", 1_000_000)).text);
  assert(lines.every(({ content, isPartial }) => isPartial ? content.length === 16_384 : content.length <= 16_384));
  const whole = lines.filter(({ isPartial }) => !isPartial).length;
  assert(lines.length > 1.5 * whole && lines.length <= 3 * whole, `${lines.length} pieces of ${whole} lines`);
});

Deno.test("lines-512: every line has 512 bytes", async () => {
  const lines = linesOf((await written("lines-512", 100_000)).text);
  assertEquals(new Set(lines.map(({ content }) => content.length)), new Set([512]));
});

Deno.test("a repeated log is the piece, several times", async () => {
  const directory = await Deno.makeTempDir();
  const [piece, log] = [join(directory, "piece"), join(directory, "node", "log")];
  await writeCorpus(piece, WORKLOADS.plain, 10_000, 1);
  await repeatCorpus(piece, log, 3);
  assertEquals(await Deno.readTextFile(log), (await Deno.readTextFile(piece)).repeat(3));
  await Deno.remove(directory, { recursive: true });
});

Deno.test("multiline: traces have 20 to 60 lines and make about 30 % of the bytes", async () => {
  const { text, corpus } = await written("multiline", 5_000_000);
  const lines = text.trimEnd().split("\n");
  const isContinuation = (line: string) => TRACE_LINE.test(tryReadLine(line)?.content ?? "");
  const continuationBytes = lines.filter(isContinuation).reduce((sum, line) => sum + line.length + 1, 0);
  const share = continuationBytes / corpus.bytes;
  assert(share > 0.25 && share < 0.35, `${share}`);
  assertEquals(lines.filter((line) => !isContinuation(line)).length, corpus.records);
  const sizes = corpus.samples.map(({ content }) => content.split("\n").length).filter((size) => size > 1);
  assert(sizes.length > 0 && sizes.every((size) => size >= 20 && size <= 60), `${sizes}`);
});

Deno.test("docker: the JSON is escaped as Docker does it", async () => {
  const { text } = await written("docker", 200_000);
  assert(text.includes(String.raw`q=\u003clamp\u003e\u0026page=2\" `));
  assert(!/[<>&]/.test(text));
});
