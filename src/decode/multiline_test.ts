import { assert, assertEquals } from "@std/assert";
import { decodeAll, rowsOf } from "../../tests/support/decoding.ts";
import { NGINX_SOURCE, testKernel } from "../../tests/support/kernel.ts";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import type { MultilineRules } from "../core/multiline_options.ts";
import { containerLogDecoder } from "./container_log.ts";
import { plainLineDecoder } from "./plain_lines.ts";

const encoder = new TextEncoder();
const START = /^S/u;
const CONTINUE = /^C/u;
const END = /^E/u;

function rules(mode: MultilineRules["mode"], unmatched: MultilineRules["unmatched"] = "single"): MultilineRules {
  const patterns = {
    ...(mode.startsWith("start") || mode === "begin") && { start: START },
    ...mode.includes("continue") && { continue: CONTINUE },
    ...mode.endsWith("end") && { end: END },
  };
  return { mode, ...patterns, anchored: true, checkBytesMax: 1000, unmatched };
}

function setUp(multiline: MultilineRules, limits = {}, timeOfFirst = false) {
  const kernel = testKernel(limits);
  const counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
  const context = { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => 7 };
  const plain = plainLineDecoder({ multiline, offsetKey: "offset", inodeKey: undefined }, context);
  const log = containerLogDecoder({ stdout: true, stderr: true, multiline, timeOfFirst }, context);
  return { kernel, counts, plain, log };
}

/** What the lines of one stream make, by the rules, when the stream ends. */
function expectedRecords(lines: readonly string[], { mode, unmatched }: MultilineRules): string[] {
  const records: string[] = [];
  let open: string[] = [];
  const close = () => {
    if (open.length > 0) records.push(open.join("\n"));
    open = [];
  };
  const fail = (failed: readonly string[]) => {
    if (unmatched !== "discard") records.push(...failed);
  };
  for (const line of lines) {
    const [starts, continues, ends] = [START, CONTINUE, END].map((regex) => regex.test(line));
    if (mode === "begin" || mode === "start") {
      if (starts) close();
      if (starts || mode === "begin" || open.length > 0) open.push(line);
      else fail([line]);
    } else if (mode === "start-continue") {
      if (open.length > 0 && continues) open.push(line);
      else {
        close();
        if (starts) open.push(line);
        else fail([line]);
      }
    } else if (mode === "continue-end") {
      if (continues || ends) open.push(line);
      else {
        fail([...open, line]);
        open = [];
      }
      if (ends && !continues) close();
    } else if (mode === "start-end" && open.length === 0 && !starts) fail([line]);
    else {
      open.push(line);
      if (ends) close();
    }
  }
  if (mode.endsWith("end")) fail(open);
  else close();
  return records;
}

const MODES = ["begin", "start", "start-continue", "start-end", "continue-end", "end"] as const;

Deno.test("a Java stack trace arrives whole, from a file and from a container's log", () => {
  const trace = "2026 ERROR boom\njava.lang.X: y\n\tat a.b(C.java:1)\nCaused by: z\n\tat d";
  const text = `2026 INFO one\n${trace}\n2026 INFO two\n`;
  const multiline = { ...rules("begin"), start: /^\d{4} /u };
  const { kernel, plain, log } = setUp(multiline);
  const inFile = decodeAll(kernel, plain, encoder.encode(text), () => 10_000);
  inFile.push(...rowsOf(kernel, plain.flush(text.length, "idle")));
  assertEquals(inFile.map(({ content }) => content), ["2026 INFO one", trace, "2026 INFO two"]);
  assertEquals(inFile.map(({ offset }) => offset), ["0", "14", String(15 + trace.length)]);
  const cri = text.split("\n").slice(0, -1).map((line) => `2022-07-13T15:45:54Z stdout F ${line}\n`).join("");
  const inLog = decodeAll(kernel, log, encoder.encode(cri), () => 10_000);
  inLog.push(...rowsOf(kernel, log.flush(cri.length, "idle")));
  assertEquals(inLog.map(({ content }) => content), ["2026 INFO one", trace, "2026 INFO two"]);
});

Deno.test("a record of several lines has the time of its last line, or of its first", () => {
  const line = (second: number, content: string) => `2022-07-13T15:45:${second}Z stderr F ${content}\n`;
  const text = line(10, "S1") + line(11, "x") + line(12, "S2");
  for (const [timeOfFirst, time] of [[false, "2022-07-13T15:45:11Z"], [true, "2022-07-13T15:45:10Z"]] as const) {
    const { kernel, log } = setUp(rules("begin"), {}, timeOfFirst);
    const [first] = decodeAll(kernel, log, encoder.encode(text), () => 1000);
    assertEquals([first.content, first.time, first.stream], ["S1\nx", time, "stderr"]);
    assertEquals(first.seconds, Date.parse(time) / 1000);
  }
});

Deno.test("records of several lines, in every mode, are the same however the file is cut", () => {
  const random = seededRandom("modes");
  for (let round = 0; round < 400; round++) {
    const chosen = rules(MODES[round % MODES.length], random.integer(0, 1) === 0 ? "single" : "discard");
    const lines = Array.from({ length: random.integer(0, 30) }, () => {
      return `${["S", "C", "E", "x", ""][random.integer(0, 4)]}${"a".repeat(random.integer(0, 5))}`;
    });
    const { kernel, plain, counts } = setUp(chosen);
    const text = lines.map((line) => `${line}\n`).join("");
    const rows = decodeAll(kernel, plain, encoder.encode(text), () => random.integer(1, 40));
    rows.push(...rowsOf(kernel, plain.flush(text.length, "ended")));
    const expected = expectedRecords(lines, chosen);
    assertEquals(rows.map(({ content }) => content), expected, `round ${round}, ${chosen.mode}`);
    const kept = expected.flatMap((content) => content.split("\n")).length;
    assertEquals(counts.discarded, lines.length - kept, `round ${round}: lines discarded`);
    for (const { content, offset } of rows) {
      assertEquals(text.slice(Number(offset)).startsWith(content), true, `${content} is not at ${offset}`);
    }
  }
});

Deno.test("lines in pieces, of two streams that take turns, make the records of each stream", () => {
  const random = seededRandom("pieces");
  for (let round = 0; round < 400; round++) {
    const chosen = rules(MODES[round % MODES.length]);
    const streams: Record<string, string[]> = { stdout: [], stderr: [] };
    const open: Record<string, string> = { stdout: "", stderr: "" };
    let text = "";
    for (let step = 0; step < 40; step++) {
      const stream = random.integer(0, 1) === 0 ? "stdout" : "stderr";
      const piece = `${["S", "C", "E", "x"][random.integer(0, 3)]}${"b".repeat(random.integer(0, 5))}`;
      const partial = random.integer(0, 2) === 0;
      text += `2022-07-13T15:45:54Z ${stream} ${partial ? "P" : "F"} ${piece}\n`;
      open[stream] += piece;
      if (partial) continue;
      streams[stream].push(open[stream]);
      open[stream] = "";
    }
    for (const stream of Object.keys(open)) if (open[stream] !== "") streams[stream].push(open[stream]);
    const { kernel, log } = setUp(chosen);
    const rows = decodeAll(kernel, log, encoder.encode(text), () => random.integer(30, 300));
    rows.push(...rowsOf(kernel, log.flush(text.length, "ended")));
    for (const stream of Object.keys(streams)) {
      const contents = rows.filter((row) => row.stream === stream).map(({ content }) => content);
      assertEquals(contents, expectedRecords(streams[stream], chosen), `round ${round}, ${chosen.mode}, ${stream}`);
    }
  }
});

Deno.test("while a source is idle, a record of several lines is complete, but not one in the middle of a line", () => {
  const { kernel, log } = setUp(rules("begin"));
  const text = "2022-07-13T15:45:54Z stdout F S1\n2022-07-13T15:45:54Z stderr F S2\n2022-07-13T15:45:54Z stderr P S3\n";
  assertEquals(decodeAll(kernel, log, encoder.encode(text), () => 1000), []);
  const idle = log.flush(text.length, "idle");
  assertEquals(rowsOf(kernel, idle).map(({ content }) => content), ["S1"]);
  assert(idle!.offsetSafe < text.length && idle!.offsetSafe > 0, "what waits is safe");
  const ended = rowsOf(kernel, log.flush(text.length, "ended"));
  assertEquals(ended.map(({ content }) => content), ["S2", "S3"]);
});

Deno.test("a record of too many bytes goes out in parts, none of them lost", () => {
  const random = seededRandom("long records");
  for (const mode of ["begin", "end", "start-end", "continue-end"] as const) {
    const { kernel, plain, log, counts } = setUp(rules(mode), { lineBytesMax: 2048 });
    const lines = Array.from(
      { length: 200 },
      (_, index) => `${index === 0 ? "S" : "C"}${index}`.padEnd(random.integer(1, 90), "c"),
    );
    const text = lines.map((line) => `${line}\n`).join("");
    const rows = decodeAll(kernel, plain, encoder.encode(text), () => random.integer(100, 3000));
    rows.push(...rowsOf(kernel, plain.flush(text.length, "ended")));
    assertEquals(rows.map(({ content }) => content).join("\n"), lines.join("\n"));
    assert(rows.every(({ content }) => content.length <= 2048) && counts.split > 0);
    const cri = lines.map((line) => `2022-07-13T15:45:54Z stdout ${random.integer(0, 3) === 0 ? "P" : "F"} ${line}\n`);
    const bytes = encoder.encode(cri.join(""));
    const logged = decodeAll(kernel, log, bytes, () => random.integer(300, 4000));
    logged.push(...rowsOf(kernel, log.flush(bytes.length, "ended")));
    const squeeze = (text: string) => text.replaceAll("\n", "");
    assertEquals(squeeze(logged.map(({ content }) => content).join("")), lines.join(""));
  }
});

Deno.test("a pattern that is no automaton is asked of V8", () => {
  const multiline = { ...rules("begin"), start: /^(a)\1/u };
  const { kernel, plain } = setUp(multiline);
  const rows = decodeAll(kernel, plain, encoder.encode("aa\nab\naa\n"), () => 1000);
  assertEquals(rows.map(({ content }) => content), ["aa\nab"]);
});

Deno.test("only the first bytes of a line are looked at", () => {
  const multiline = { ...rules("begin"), start: /S/u, anchored: false, checkBytesMax: 3 };
  const { kernel, plain } = setUp(multiline);
  const rows = decodeAll(kernel, plain, encoder.encode("..S\n...S\n..S\n"), () => 1000);
  assertEquals(rows.map(({ content }) => content), ["..S\n...S"]);
});

const PATTERN_WORDS = ["startPattern", "continuePattern", "endPattern"] as const;

/** The same rules with patterns of which no automaton is made. */
function onHost({ start, continue: more, end, ...others }: MultilineRules): MultilineRules {
  const asLookAround = (regex: RegExp) => new RegExp(`(?=)${regex.source}`, regex.flags);
  return {
    ...others,
    ...start && { start: asLookAround(start) },
    ...more && { continue: asLookAround(more) },
    ...end && { end: asLookAround(end) },
  };
}

/** The records of a file, what was counted, and where the patterns are: 1 in the kernel, -1 with V8. */
function decodeFile(multiline: MultilineRules, text: Uint8Array) {
  const { kernel, plain, counts } = setUp(multiline);
  const rows = decodeAll(kernel, plain, text, () => 37);
  rows.push(...rowsOf(kernel, plain.flush(text.length, "ended")));
  const places = new Set(PATTERN_WORDS.map((word) => Math.sign(kernel.get(word))).filter((sign) => sign !== 0));
  return { rows, counts, places: [...places] };
}

/** Bytes that the patterns of the next test ask about, here and there half a character among them. */
function randomText(random: Random): Uint8Array {
  const parts = ["S", "C", "E", "日", "é", "😀", "\n", "\n", " ", "1", "\ufeff", "\r"];
  const text = encoder.encode(Array.from({ length: 200 }, () => random.pick(parts)).join(""));
  return text.map((byte) => byte > 0x7f && random.integer(0, 9) === 0 ? 0xe6 : byte);
}

Deno.test("automata in the kernel and V8 make the same records", () => {
  const random = seededRandom("both ways");
  for (let round = 0; round < 150; round++) {
    const { start, continue: more, end, ...others } = rules(MODES[round % MODES.length]);
    const automata: MultilineRules = {
      ...others,
      ...start && { start: /\bS|日\d?$/u },
      ...more && { continue: /[^\dé]?C|[^ -~]E/u },
      ...end && { end: /E$|\W1/u },
      anchored: random.integer(0, 1) === 0,
      checkBytesMax: random.integer(1, 12),
    };
    const text = randomText(random);
    const [inKernel, byHost] = [decodeFile(automata, text), decodeFile(onHost(automata), text)];
    assertEquals([inKernel.places, byHost.places], [[1], [-1]]);
    assertEquals(inKernel.rows, byHost.rows, `round ${round}, ${others.mode}`);
    assertEquals(inKernel.counts, byHost.counts);
  }
});
