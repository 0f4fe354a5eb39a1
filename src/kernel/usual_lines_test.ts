import { assert, assertEquals } from "@std/assert";
import { testKernel } from "../../tests/support/kernel.ts";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import type { Kernel } from "./kernel.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const LIMITS = { lineBytesMax: 2000, batchBytesMax: 10_000, slots: 1, rowsMax: 200 };

/** What is the same for most lines of a log. */
interface Habits {
  readonly zone: string;
  readonly stream: string;
  /** How often a line is as the others. */
  readonly share: number;
}

function randomTime(random: Random, { zone, share }: Habits): string {
  const isUsual = random.next() < share;
  const minute = isUsual
    ? "2022-07-13T23:45"
    : random.pick(["2022-07-13T23:46", "2021-01-01T00:00", "2022-07-13 23:45", "x"]);
  const second = random.next() < share ? String(random.integer(10, 60)) : random.pick(["61", "99", "5", "a0", "0\0"]);
  const digits = random.next() < share ? 9 : random.integer(0, 11);
  const digit = () => random.next() < share ? random.integer(0, 9) : random.pick([0, ":", "/", " "]);
  const fraction = Array.from({ length: digits }, digit).join("");
  const point = random.next() < share ? "." : random.pick(["", ",", "0"]);
  return `${minute}:${second}${point}${fraction}${
    random.next() < share ? zone : random.pick(["Z", "+08:00", "-01:30", "+8", ""])
  }`;
}

function randomContent(random: Random): string {
  const size = random.pick([0, 1, random.integer(0, 80), random.integer(0, 300), random.integer(0, 3000)]);
  return random.pick(["x", '"', "日", "a b"]).repeat(size);
}

function randomLine(random: Random, habits: Habits): string {
  const stream = random.next() < habits.share ? habits.stream : random.pick(["stdout", "stderr", "stdin", ""]);
  const tag = random.next() < habits.share ? "F" : random.pick(["P", "F:x", "P:y", "G", ""]);
  const line = `${randomTime(random, habits)} ${stream} ${tag} ${randomContent(random)}`;
  const end = random.next() < 0.97 ? line.length : random.integer(0, line.length);
  return `${line.slice(0, end)}\n`;
}

/** Everything that decoding says of the first bytes of a chunk. With `offsets`, no line is decoded in the quick way. */
function decode(kernel: Kernel, text: Uint8Array, wanted: number, offsets: boolean) {
  kernel.chunk.set(text);
  // What lies behind the text does not count.
  kernel.chunk.fill(0x0a, text.length, text.length + 100);
  kernel.set("pendingStdout", 0);
  kernel.set("pendingStderr", 0);
  kernel.set("chunkOffsetLow", 0);
  kernel.set("chunkOffsetHigh", offsets ? 0 : -1);
  const rows = kernel.decodeContainerLog(text.length, wanted);
  const words = ["consumed", "consumedSafe", "linesMalformed", "linesSplit", "linesFiltered"] as const;
  const records = Array.from({ length: rows }, (_, row) => [
    kernel.seconds(row),
    ...[0, 1, 2].map((column) => decoder.decode(kernel.slice(column, row))),
  ]);
  return { records, words: words.map((word) => kernel.get(word)) };
}

Deno.test("lines that are decoded many at a time are what they are one by one", () => {
  const random = seededRandom("usual lines");
  const [many, one] = [testKernel(LIMITS), testKernel(LIMITS)];
  let records = 0;
  for (let round = 0; round < 400; round++) {
    const share = random.pick([1, 0.995, 0.98, 0.9]);
    const habits = { zone: random.pick(["Z", "+08:00", "-01:30"]), stream: random.pick(["stdout", "stderr"]), share };
    const lines = Array.from({ length: random.integer(1, 250) }, () => randomLine(random, habits)).join("");
    const bytes = encoder.encode(lines).subarray(0, 60_000);
    const text = bytes.subarray(0, random.next() < 0.5 ? bytes.length : random.integer(0, bytes.length));
    const wanted = random.pick([3, 3, 1, 2, 7]);
    const expected = decode(one, text, wanted, true);
    assertEquals(decode(many, text, wanted, false), expected, JSON.stringify(lines));
    records += expected.records.length;
  }
  assert(records > 10_000, `${records} records`);
});
