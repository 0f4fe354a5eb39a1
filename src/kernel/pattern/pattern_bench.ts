/** One iteration looks at 1 MB of lines, with a call from here for each: 1 ms is 1 GB/s. */
import { NGINX_SOURCE, testKernel } from "../../../tests/support/kernel.ts";
import { PatternMemory } from "../../../tests/support/pattern_memory.ts";
import { parseRegex } from "../../core/regex.ts";
import { plainLineDecoder } from "../../decode/plain_lines.ts";
import { tryCompilePattern } from "./compile_pattern.ts";

const TEXT_BYTES = 1_000_000;
const LINE_BYTES: Record<string, number> = { short: 50, usual: 200, long: 16_000 };
const DATE = "^\\d{4}-\\d{2}-\\d{2}";
const STAMP = "\\d+-\\d+-\\d+ \\d+:\\d+:\\d+";
const APACHE = "^\\S+ - \\S+ \\[[^\\]]+\\]";
const FIRST_LINES = "^\\[\\d+-\\d+-\\w+:\\d+:\\d+,\\d+\\]\\s\\[\\w+\\]\\s.*";
const PROSE = "the quick brown fox jumps over the lazy dog; ";
const CHINESE = "日志采集组件运行正常，";

/** What to look for, whether only at the beginning, and how a line begins, goes on and ends. */
const CASES: Record<string, [source: string, anchored: boolean, head: string, filler: string, tail: string]> = {
  "anchored, a match at once": [DATE, true, "2026-11-23 10:00:00 INFO ", PROSE, ""],
  "anchored, never": [DATE, true, "\tat java.lang.Thread.run ", PROSE, ""],
  "anchored, a match after the head": [FIRST_LINES, true, "[2026-11-23T10:00:00,123] [INFO] ", PROSE, ""],
  "anchored, a match at the end": [APACHE, true, "10.0.0.7 - - [", PROSE, "]"],
  "search for a time, never": [STAMP, false, "", PROSE, ""],
  "search for a time, a match at the end": [STAMP, false, "", PROSE, "2026-11-23 10:00:00"],
  "search for a time, never, many digits": [STAMP, false, "", "10.0.0.7 17/4 x=12345 ", ""],
  "search for a word, never": ["Exception", false, "", PROSE, ""],
  "search for a word, never, in Chinese": ["Exception", false, "", CHINESE, ""],
  "search after anything, never": [".*Exception", true, "", PROSE, ""],
  "search for one of three words, never": ["(?i)error|panic|fatal", false, "", PROSE, ""],
};

function lineOf(head: string, filler: string, tail: string, bytes: number): Uint8Array {
  const encoder = new TextEncoder();
  const [start, end] = [encoder.encode(head), encoder.encode(tail)];
  const body = encoder.encode(filler.repeat(Math.ceil(bytes / filler.length)));
  return Uint8Array.from([...start, ...body.subarray(0, Math.max(0, bytes - start.length - end.length)), ...end]);
}

for (const [name, [source, anchored, ...parts]] of Object.entries(CASES)) {
  for (const [length, bytes] of Object.entries(LINE_BYTES)) {
    const pattern = tryCompilePattern(parseRegex(source), { anchored });
    if (!pattern) throw new Error(`${source} does not compile`);
    const memory = new PatternMemory();
    memory.place(pattern);
    const line = lineOf(...parts, bytes);
    const lines = Math.floor(TEXT_BYTES / line.length);
    memory.setText(Uint8Array.from({ length: lines * line.length }, (_, index) => line[index % line.length]));
    Deno.bench({ name: `${name}, ${length} lines`, group: name, n: 100, warmup: 10 }, () => {
      for (let number = 0; number < lines; number++) memory.matches(number * line.length, (number + 1) * line.length);
    });
  }
}

const TRACE = "\tat com.example.service.OrderService.placeOrder(OrderService.java:123)\n".repeat(20);
const TRACES = new TextEncoder().encode(`2026-11-23 10:00:00,123 ERROR order failed\n${TRACE}`.repeat(170));

/** What it costs to put records of several lines together: without patterns, by an automaton, by V8. */
for (const [name, start] of [["no pattern", undefined], ["automaton", DATE], ["V8", `${DATE}(?=)`]] as const) {
  const kernel = testKernel();
  const multiline = start === undefined ? undefined : {
    mode: "begin",
    start: parseRegex(start),
    anchored: true,
    checkBytesMax: 1 << 30,
    unmatched: "single",
  } as const;
  const counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
  const context = { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => 0 };
  const decoder = plainLineDecoder({ multiline, offsetKey: "", inodeKey: undefined }, context);
  kernel.chunk.set(TRACES);
  const group = `decode ${TRACES.length} bytes of Java's traces`;
  Deno.bench({ name: `${group}, ${name}`, group, n: 500, warmup: 50 }, () => {
    decoder.decode({ offset: 0, size: TRACES.length });
  });
}
