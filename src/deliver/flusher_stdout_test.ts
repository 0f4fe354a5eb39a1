import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { NGINX_SOURCE, nginxLine, testKernel } from "../../tests/support/kernel.ts";
import type { Batch } from "../core/batch.ts";
import { Ticket } from "../core/ticket.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Template } from "../kernel/template.ts";
import { DeadLetters } from "./dead_letters.ts";
import { FlusherStdout } from "./flusher_stdout.ts";
import type { LineTarget } from "./line_target.ts";
import type { MessageForm } from "./message_form.ts";

/** The content of a container log line, as JSON. */
const template = new Template([
  { kind: "constant", bytes: new TextEncoder().encode('"') },
  { kind: "escaped", column: 0 },
  { kind: "constant", bytes: new TextEncoder().encode('"') },
]);

const FORM: MessageForm = {
  template: () => template,
  message: ({ fields }) => fields.map(({ name, value }) => `${name}=${value}`).join(" "),
};

function decode(kernel: Kernel, text: string): Batch {
  const bytes = new TextEncoder().encode(text);
  kernel.chunk.set(bytes);
  const rows = kernel.decodeContainerLog(bytes.length, 3);
  const end = bytes.length;
  return { source: NGINX_SOURCE, rows, fields: [], offsetStart: 0, offsetEnd: end, offsetSafe: end };
}

function setUp(limits = {}) {
  const kernel = testKernel(limits);
  const env = new ClockEnv();
  return { kernel, env, flusher: new FlusherStdout(kernel, FORM, env) };
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
  await flusher.stop(1000);
  assertEquals(env.stdout, written);
  assertEquals(written === "", false);
});

Deno.test("records that are text already are written as the form has it, however many they are", async () => {
  const { kernel, env, flusher } = setUp({ batchBytesMax: 4096, rowsMax: 7 });
  const texts = Array.from({ length: 50 }, (_, number) => `${number} \u{1f4dc}\ufeff${"é".repeat(number * 20)}`);
  const records = texts.map((value) => ({ seconds: 0, fields: [{ name: "a", value }] }));
  const batch = { ...decode(kernel, "not a log line\n"), rows: 0, records };
  await flusher.deliver(batch, new Ticket(() => {}));
  assertEquals(env.stdout.trimEnd().split("\n"), texts.map((text) => `a=${text}`));
  assertEquals(flusher.counts.records, 50);
});

Deno.test("a message that is too long for a batch is counted, and does not stop the others", async () => {
  const { kernel, env, flusher } = setUp({ batchBytesMax: 4096 });
  const records = ["a", "x".repeat(kernel.textBytesMax), "b"].map((value) => {
    return { seconds: 0, fields: [{ name: "a", value }] };
  });
  await flusher.deliver({ ...decode(kernel, ""), rows: 0, records }, new Ticket(() => {}));
  assertEquals(env.stdout, "a=a\na=b\n");
  assertEquals(flusher.counts.undeliverable, 1);
});

Deno.test("a message that is too long for a batch becomes a dead letter, with the reason", async () => {
  const directory = Deno.makeTempDirSync({ prefix: "sluice-stdout-" });
  const kernel = testKernel({ batchBytesMax: 4096 });
  const env = new ClockEnv();
  const deadLetters = new DeadLetters(directory, env, new RecordingLog());
  const flusher = new FlusherStdout(kernel, FORM, env, { deadLetters });
  const records = [{ seconds: 0, fields: [{ name: "a", value: "x".repeat(kernel.textBytesMax) }] }];
  await flusher.deliver({ ...decode(kernel, ""), rows: 0, records }, new Ticket(() => {}));
  const { topic, reason } = JSON.parse(Deno.readTextFileSync(deadLetters.path));
  assertEquals([topic, reason], ["flusher_stdout", `it is longer than ${kernel.textBytesMax} bytes`]);
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("Tags: a line before the records of each batch tells of their tags", async () => {
  const kernel = testKernel();
  const env = new ClockEnv();
  const flusher = new FlusherStdout(kernel, FORM, env, { hasTagLines: true });
  const source = { ...NGINX_SOURCE, tags: [["__tag__:__path__", "/a.log"]] as const };
  for (const lines of ["a\nb\n", "c\n"]) {
    await flusher.deliver({ ...decode(kernel, lines), source }, new Ticket(() => {}));
  }
  const tagLine = (rows: number) =>
    `[LogGroup] topic , logstore , logcount ${rows}, tags [Key:"__path__" Value:"/a.log" ]\n`;
  assertEquals(env.stdout, `${tagLine(2)}"a"\n"b"\n${tagLine(1)}"c"\n`);
  assertEquals(flusher.counts.records, 3);
});

Deno.test("what cannot be written until the agent stops counts as not delivered", async () => {
  const kernel = testKernel();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const target: LineTarget = { write: () => promise, close: () => resolve(false) };
  const flusher = new FlusherStdout(kernel, FORM, new ClockEnv(), { target });
  let settled = 0;
  const ticket = new Ticket(() => settled++);
  const delivery = flusher.deliver(decode(kernel, nginxLine(1)), ticket);
  await flusher.stop(1000);
  await delivery;
  ticket.release();
  assertEquals([settled, flusher.counts.records, kernel.slotsFree], [0, 0, 4]);
});
