import { assertEquals } from "@std/assert";
import { NGINX_SOURCE, testKernel } from "../../tests/support/kernel.ts";
import { seededRandom } from "../../tests/support/random.ts";
import type { Batch } from "../core/batch.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { containerLogDecoder } from "./container_log.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const NOW = 1_800_000_000;
const T1 = "2022-07-13T23:45:54.976593653+08:00";
const T2 = "2022-07-13T23:45:55.000000001+08:00";
const S1 = 1657727154;

type Row = [content: string, time: string, stream: string, seconds: number];

function setUp(streams = { stdout: true, stderr: true }, limits = {}) {
  const kernel = testKernel(limits);
  const counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
  const options = { ...streams, multiline: undefined, timeOfFirst: false };
  const context = { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => NOW };
  return { kernel, counts, decoder: containerLogDecoder(options, context) };
}

function rowsOf(kernel: Kernel, batch: Batch | undefined): Row[] {
  return Array.from({ length: batch?.rows ?? 0 }, (_, row) => {
    const [content, time, stream] = [0, 1, 2].map((column) => decoder.decode(kernel.slice(column, row)));
    return [content, time, stream, kernel.seconds(row)];
  });
}

/** Decodes a whole text as a file that is read in chunks of at most `chunkBytes`. */
function decodeAll(text: string | Uint8Array, chunkBytes = 256 * 1024, set = setUp()): Row[] {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const rows: Row[] = [];
  for (let offset = 0; offset < bytes.length;) {
    let part = bytes.subarray(offset, offset + chunkBytes);
    set.kernel.chunk.set(part);
    let batch = set.decoder.decode({ offset, size: part.length });
    if (batch.rows === 0 && batch.offsetEnd === offset) {
      part = bytes.subarray(offset, offset + set.kernel.chunk.length);
      set.kernel.chunk.set(part);
      batch = set.decoder.decode({ offset, size: part.length });
      if (batch.rows === 0 && batch.offsetEnd === offset) break;
    }
    rows.push(...rowsOf(set.kernel, batch));
    offset = batch.offsetEnd;
  }
  return rows;
}

const LINES: { name: string; text: string; rows: Row[] }[] = [
  { name: "a full line", text: `${T1} stdout F hello\n`, rows: [["hello", T1, "stdout", S1]] },
  { name: "stderr", text: `${T1} stderr F oh\n`, rows: [["oh", T1, "stderr", S1]] },
  {
    name: "UTC",
    text: "2022-07-13T15:45:54.5Z stdout F z\n",
    rows: [["z", "2022-07-13T15:45:54.5Z", "stdout", S1]],
  },
  {
    name: "no decimals, and a zone west of Greenwich",
    text: "2022-07-13T10:15:54-05:30 stdout F w\n",
    rows: [["w", "2022-07-13T10:15:54-05:30", "stdout", S1]],
  },
  { name: "an empty content", text: `${T1} stdout F \n`, rows: [["", T1, "stdout", S1]] },
  { name: "a full tag at the line's end", text: `${T1} stdout F\n`, rows: [["", T1, "stdout", S1]] },
  { name: "spaces and carriage return kept", text: `${T1} stdout F  a b \r\n`, rows: [[" a b \r", T1, "stdout", S1]] },
  { name: "more tags", text: `${T1} stdout F:x:y text\n`, rows: [["text", T1, "stdout", S1]] },
  { name: "no tag", text: `${T1} stdout Foo bar\n`, rows: [["Foo bar", T1, "stdout", S1]] },
  { name: "another tag", text: `${T1} stdout X bar\n`, rows: [["X bar", T1, "stdout", S1]] },
  {
    name: "partial lines",
    text: `${T1} stdout P ab\n${T1} stdout P cd\n${T2} stdout F ef\n`,
    rows: [["abcdef", T2, "stdout", S1 + 1]],
  },
  {
    name: "interleaved partial lines of both streams",
    text: `${T1} stdout P a\n${T1} stderr P x\n${T1} stdout P b\n${T2} stderr F y\n${T2} stdout F c\n`,
    rows: [["xy", T2, "stderr", S1 + 1], ["abc", T2, "stdout", S1 + 1]],
  },
  {
    name: "an empty partial line ends a record",
    text: `${T1} stdout P a\n${T2} stdout P \n${T2} stdout F b\n`,
    rows: [["a", T2, "stdout", S1 + 1], ["b", T2, "stdout", S1 + 1]],
  },
  { name: "not CRI", text: "hello big world foo\n", rows: [["hello big world foo", "", "", NOW]] },
  { name: "an unknown stream", text: `${T1} stdxxx F a\n`, rows: [[`${T1} stdxxx F a`, "", "", NOW]] },
  { name: "an empty line", text: "\n", rows: [["", "", "", NOW]] },
  { name: "a time alone", text: `${T1}\n`, rows: [[T1, "", "", NOW]] },
  ...[
    "2022-13-13T23:45:54Z",
    "2022-07-13 23:45:54Z",
    "2022-07-13T24:45:54Z",
    "2022-07-13T23:45:54",
    "2022-07-13T23:45:54.Z",
  ]
    .map((time): { name: string; text: string; rows: Row[] } => ({
      name: `the impossible time ${time}`,
      text: `${time} stdout F a\n`,
      rows: [[`${time} stdout F a`, "", "", NOW]],
    })),
  {
    name: "a raw line between partial ones",
    text: `${T1} stdout P a\nraw\n${T2} stdout F b\n`,
    rows: [["raw", "", "", NOW], ["ab", T2, "stdout", S1 + 1]],
  },
];

for (const { name, text, rows } of LINES) {
  Deno.test(`decodes ${name}`, () => assertEquals(decodeAll(text), rows));
}

// fluent/fluent-bit#4387: pieces of stdout and stderr were put into one record.
Deno.test("all cases in one text give the same records at every chunk size", () => {
  const text = LINES.map((line) => line.text).join("");
  const expected = LINES.flatMap((line) => line.rows);
  assertEquals(decodeAll(text), expected);
  for (let chunkBytes = 1; chunkBytes < 300; chunkBytes += 7) assertEquals(decodeAll(text, chunkBytes), expected);
});

Deno.test("times are those of Date.parse(), whatever minute and zone the line before them has", () => {
  const random = seededRandom("times");
  const digits = (size: number) => Array.from({ length: size }, () => random.integer(0, 9)).join("");
  const two = (max: number) => String(random.integer(0, max)).padStart(2, "0");
  const zones = ["Z", "+08:00", "-03:30", "+00:00", "+23:59"];
  const times = Array.from({ length: 2000 }, () => {
    const minute = random.pick(["2022-07-13T23:45", `2022-07-13T${two(23)}:${two(59)}`]);
    const fraction = random.pick(["", `.${digits(random.integer(1, 9))}`]);
    return `${minute}:${two(59)}${fraction}${random.pick(zones)}`;
  });
  const rows = decodeAll(times.map((time) => `${time} stdout F x\n`).join(""));
  assertEquals(rows, times.map((time): Row => ["x", time, "stdout", Math.floor(Date.parse(time) / 1000)]));
});

Deno.test("a text that is nearly a time is none, also behind a line with a usual one", () => {
  const random = seededRandom("nearly times");
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:([0-5]\d|60)(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
  const texts = Array.from({ length: 2000 }, () => {
    const at = random.integer(0, T1.length - 1);
    const put = random.pick(["", "0", "9", ":", ".", "Z", "+", " ", "\0", "\0\0\0\0\0\0"]);
    return T1.slice(0, at) + put + T1.slice(at + random.integer(0, 2));
  });
  const set = setUp();
  for (const text of texts) {
    const [, [content, time]] = decodeAll(`${T1} stdout F a\n${text} stdout F b\n`, undefined, set);
    const seconds = Date.parse(text.replace(":60", ":59")) / 1000;
    const valid = isTime.test(text) && seconds >= 0 && seconds < 2 ** 32;
    assertEquals([content, time], valid ? ["b", text] : [`${text} stdout F b`, ""], JSON.stringify(text));
  }
});

Deno.test("an unwanted stream is left out and counted; raw lines pass every choice", () => {
  const set = setUp({ stdout: false, stderr: true });
  const text = `${T1} stdout F a\n${T1} stdout P b\nraw\n${T1} stderr F c\n`;
  assertEquals(decodeAll(text, 1000, set), [["raw", "", "", NOW], ["c", T1, "stderr", S1]]);
  assertEquals(set.counts, { malformed: 1, split: 0, filtered: 2, discarded: 0 });
});

Deno.test("reading starts again before a pending partial record", () => {
  const { kernel, decoder: cri } = setUp();
  const first = `${T1} stderr F x\n`;
  const text = `${first}${T1} stdout P a\n${T1} stderr F y\n`;
  kernel.chunk.set(encoder.encode(text));
  const batch = cri.decode({ offset: 1000, size: text.length });
  assertEquals([batch.offsetStart, batch.offsetEnd, batch.offsetSafe], [1000, 1000 + text.length, 1000 + first.length]);
  const rest = `${T2} stderr F z\n`;
  kernel.chunk.set(encoder.encode(rest));
  const next = cri.decode({ offset: 1000 + text.length, size: rest.length });
  assertEquals(next.offsetSafe, 1000 + first.length);
  const end = `${T2} stdout F b\n`;
  kernel.chunk.set(encoder.encode(end));
  const last = cri.decode({ offset: next.offsetEnd, size: end.length });
  assertEquals(rowsOf(kernel, last), [["ab", T2, "stdout", S1 + 1]]);
  assertEquals(last.offsetSafe, last.offsetEnd);
});

Deno.test("flush() hands out what is pending with its last piece's time", () => {
  const { kernel, decoder: cri } = setUp();
  const text = `${T1} stdout P a\n${T2} stdout P b\n`;
  kernel.chunk.set(encoder.encode(text));
  cri.decode({ offset: 0, size: text.length });
  assertEquals(rowsOf(kernel, cri.flush(text.length, "ended")), [["ab", T2, "stdout", S1 + 1]]);
  assertEquals(cri.flush(text.length, "ended"), undefined);
});

Deno.test("a line without end is handed out in raw parts of the longest line, cut between characters", () => {
  const set = setUp(undefined, { lineBytesMax: 100_000, batchBytesMax: 1_000_000 });
  const text = "日".repeat(100_000);
  const rows = decodeAll(text + "\n", 64 * 1024, set);
  assertEquals(rows.map(([content]) => content).join(""), text);
  assertEquals(rows.every(([content]) => encoder.encode(content).length <= 100_000 + 65_536), true);
  assertEquals(set.counts.split > 0, true);
});

Deno.test("lines too long are cut alike, however much is read at a time", () => {
  const random = seededRandom("long lines");
  const limits = { lineBytesMax: 2000 };
  const roomBytes = setUp(undefined, limits).kernel.chunk.length;
  const line = () => {
    const size = random.pick([10, 3000, roomBytes - 50, roomBytes - 1, roomBytes, roomBytes + 1, 2 * roomBytes]);
    const head = random.pick(["", `${T1} stdout F `, `${T1} stderr P `]);
    return head + "é".repeat(Math.floor(Math.max(0, size - head.length) / 2)) + random.pick(["", "x"]) + "\n";
  };
  const text = Array.from({ length: 40 }, line).join("");
  const expected = setUp(undefined, limits);
  const rows = decodeAll(text, roomBytes, expected);
  for (const chunkBytesMin of [roomBytes + 1, 3 * roomBytes, 20 * roomBytes]) {
    const set = setUp(undefined, { ...limits, chunkBytesMin });
    assertEquals(decodeAll(text, chunkBytesMin, set), rows);
    assertEquals(set.counts, expected.counts);
  }
});

Deno.test("a record too long is cut between characters, wherever the runtime cut its pieces", () => {
  const set = setUp(undefined, { lineBytesMax: 2048 });
  const content = encoder.encode("x" + "é€😀".repeat(2000));
  for (const pieceBytes of [1, 1000, 1001, 1023]) {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < content.length; at += pieceBytes) pieces.push(content.subarray(at, at + pieceBytes));
    const lines = pieces.map((piece, index) => {
      return [...encoder.encode(`${T1} stdout ${index < pieces.length - 1 ? "P" : "F"} `), ...piece, 0x0a];
    });
    const rows = decodeAll(new Uint8Array(lines.flat()), set.kernel.chunk.length, set);
    assertEquals(rows.map(([text]) => text).join(""), decoder.decode(content));
    assertEquals(rows.every(([text]) => text !== "" && encoder.encode(text).length <= 2048 + 3), true);
  }
});

Deno.test("partial lines that join to more than the longest line are handed out before they do", () => {
  const set = setUp(undefined, { lineBytesMax: 100_000 });
  const piece = "p".repeat(16_000);
  const text = `${T1} stdout P ${piece}\n`.repeat(20) + `${T2} stdout F end\n`;
  const rows = decodeAll(text, 64 * 1024, set);
  assertEquals(rows.map(([content]) => content).join(""), piece.repeat(20) + "end");
  assertEquals(rows.every(([content]) => content.length <= 100_000), true);
  assertEquals(rows.length, 4);
});

Deno.test("a line that becomes thousands of records loses none of it", () => {
  const set = setUp(undefined, { lineBytesMax: 200_000, batchBytesMax: 1024, rowsMax: 16 });
  const content = "\u0001".repeat(150_000);
  const rows = decodeAll(`${T1} stdout F before\n${T1} stdout F ${content}\n${T1} stdout F after\n`, undefined, set);
  assertEquals(rows.length > 800, true);
  assertEquals(rows.map(([text]) => text).join(""), `before${content}after`);
});

Deno.test("bytes of any kind never stop decoding and none is lost", () => {
  const random = seededRandom("any bytes");
  for (let round = 0; round < 200; round++) {
    const set = setUp(undefined, { lineBytesMax: 2048, rowsMax: 128 });
    const bytes = random.bytes(random.integer(0, 5000));
    bytes.forEach((byte, at) => bytes[at] = byte % 50 === 0 ? 0x0a : byte);
    const whole = Uint8Array.from([...bytes, 0x0a]);
    const contents = decodeAll(whole, random.integer(1, 3000), set).length;
    assertEquals(contents, whole.filter((byte) => byte === 0x0a).length);
  }
});

Deno.test("a source that has rested goes on in the middle of a record, with the same fields anew", () => {
  const { kernel, decoder: log } = setUp();
  const decode = (text: string, offset: number) => {
    kernel.chunk.set(encoder.encode(text));
    return log.decode({ offset, size: text.length });
  };
  const beginning = `${T1} stdout P hel\n`;
  const { fields } = decode(beginning, 0);
  assertEquals(decode(beginning, beginning.length).fields === fields, true);
  log.rest?.();
  const batch = decode(`${T2} stdout F lo\n`, 2 * beginning.length);
  assertEquals(rowsOf(kernel, batch), [["helhello", T2, "stdout", S1 + 1]]);
  assertEquals(batch.fields, fields);
  assertEquals(batch.fields === fields, false);
});
