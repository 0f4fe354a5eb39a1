/** @module */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type Corpus, writeCorpus } from "./corpus.ts";
import { LOG_KINDS, type LogKind } from "./mode.ts";
import { WORKLOADS } from "./workload.ts";

const TRACE_LINE = /^(\tat |\t\.\.\. \d+ more|Caused by: |[a-z.]+\.[A-Z]\w+Exception: )/;

async function written(mode: LogKind, lineCount: number, seed = 1): Promise<{ text: string; corpus: Corpus }> {
  const directory = await Deno.makeTempDir();
  try {
    const path = join(directory, "log");
    const corpus = await writeCorpus(path, WORKLOADS[mode], lineCount, seed);
    return { text: await Deno.readTextFile(path), corpus };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The time and the content of a line, read without the code that wrote it. */
function tryReadLine(line: string): { time: string; content: string } | undefined {
  if (!line.startsWith("{")) {
    const [, time, content] = /^(\S{35}) stdout F (.*)$/.exec(line) ?? [];
    return time === undefined ? undefined : { time, content };
  }
  const { log, stream, time }: Record<string, string> = JSON.parse(line);
  return stream === "stdout" && log.endsWith("\n") ? { time, content: log.slice(0, -1) } : undefined;
}

for (const mode of LOG_KINDS) {
  Deno.test(`${mode}: every line can be read, and the samples are records of the log`, async () => {
    const { text, corpus } = await written(mode, 3_000);
    const lines = text.trimEnd().split("\n").map(tryReadLine).map((line) =>
      line ?? { time: "", content: "unreadable" }
    );
    assertEquals(lines.length, corpus.lines);
    assertEquals(new TextEncoder().encode(text).length, corpus.bytes);
    const all = "\n" + lines.map(({ content }) => content).join("\n") + "\n";
    for (const { content, times } of corpus.samples) {
      assert(all.includes(`\n${content}\n`), content);
      assertEquals(times[0], lines.find((line) => line.content === content.split("\n")[0])?.time);
    }
    if (corpus.keys.join() === "content") assertEquals(all.length, corpus.fieldsLength + corpus.records + 1);
    assert(corpus.samples.length >= 4, "too few samples");
  });

  Deno.test(`${mode}: the same seed gives the same log, another seed another`, async () => {
    const [first, again, other] = await Promise.all([1, 1, 2].map((seed) => written(mode, 500, seed)));
    assertEquals(first, again);
    assert(first.text !== other.text);
  });
}

Deno.test("multiline: traces have 20 to 60 lines and make about 30 % of the bytes", async () => {
  const { text, corpus } = await written("multiline", 30_000);
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
  const { text } = await written("docker", 1_000);
  assert(text.includes(String.raw`q=\u003clamp\u003e\u0026page=2\" `));
  assert(!/[<>&]/.test(text));
});
