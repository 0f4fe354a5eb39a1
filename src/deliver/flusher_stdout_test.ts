import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { NGINX_SOURCE, nginxLine, testKernel } from "../../tests/support/kernel.ts";
import type { Batch } from "../core/batch.ts";
import { Ticket } from "../core/ticket.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Template } from "../kernel/template.ts";
import { FlusherStdout } from "./flusher_stdout.ts";

/** The content of a container log line, as JSON. */
const template = new Template([
  { kind: "constant", bytes: new TextEncoder().encode('"') },
  { kind: "escaped", column: 0 },
  { kind: "constant", bytes: new TextEncoder().encode('"') },
]);

function decode(kernel: Kernel, text: string): Batch {
  const bytes = new TextEncoder().encode(text);
  kernel.chunk.set(bytes);
  const rows = kernel.decodeCri(bytes.length, 3);
  const end = bytes.length;
  return { source: NGINX_SOURCE, rows, fields: [], offsetStart: 0, offsetEnd: end, offsetSafe: end };
}

function setUp(limits = {}) {
  const kernel = testKernel(limits);
  const env = new ClockEnv();
  return { kernel, env, flusher: new FlusherStdout(kernel, () => template, env) };
}

Deno.test("records are written a line each, and the ticket is settled then", async () => {
  const { kernel, env, flusher } = setUp();
  let settled = 0;
  const ticket = new Ticket(() => settled++);
  await flusher.deliver(decode(kernel, `2022-07-13T23:45:54+08:00 stdout F a "b"\nnot a log line\n`), ticket);
  assertEquals(env.stdout, '"a \\"b\\""\n"not a log line"\n');
  assertEquals(settled, 0);
  ticket.release();
  assertEquals(settled, 1);
  assertEquals(flusher.counts, { records: 2, bytes: env.stdout.length, undeliverable: 0 });
});

Deno.test("a batch larger than a slot is written in parts, complete and in order", async () => {
  const { kernel, env, flusher } = setUp({ batchBytesMax: 4096, slots: 1 });
  const lines = Array.from({ length: 200 }, (_, number) => nginxLine(number));
  await flusher.deliver(decode(kernel, lines.join("")), new Ticket(() => {}));
  const written = env.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(written, lines.map((line) => line.slice(line.indexOf(" F ") + 3, -1)));
  assertEquals(flusher.counts.records, 200);
  assertEquals(kernel.slotsFree, 1);
});

Deno.test("nothing is kept back: an idle or stopped flusher has nothing to write", async () => {
  const { kernel, env, flusher } = setUp();
  await flusher.deliver(decode(kernel, nginxLine(1)), new Ticket(() => {}));
  const written = env.stdout;
  flusher.idle();
  await flusher.stop();
  assertEquals(env.stdout, written);
  assertEquals(written === "", false);
});
