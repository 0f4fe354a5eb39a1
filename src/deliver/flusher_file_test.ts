import { assertEquals, assertStringIncludes } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { NGINX_SOURCE, nginxLine, testKernel } from "../../tests/support/kernel.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { systemError, UnreliableDisk } from "../../tests/support/unreliable_disk.ts";
import type { Batch } from "../core/batch.ts";
import { Ticket } from "../core/ticket.ts";
import { Template } from "../kernel/template.ts";
import { DeadLetters } from "./dead_letters.ts";
import { FlusherFile } from "./flusher_file.ts";
import { LineFile } from "./line_file.ts";
import type { MessageForm } from "./message_form.ts";
import { RollingFile } from "./rolling_file.ts";
import { ShiftedSiblings } from "./sibling_files.ts";

/** The content of a container log line, as it is. */
const FORM: MessageForm = {
  template: () => new Template([{ kind: "verbatim", column: 0 }]),
  message: ({ fields }) => fields.map(({ value }) => value).join(" "),
};
const FIELDS: Batch["fields"] = [];

class Scene implements Disposable {
  readonly disk = new UnreliableDisk();
  readonly log = new RecordingLog();
  readonly env = new ClockEnv();
  readonly kernel = testKernel({ batchBytesMax: 4096, slots: 3 });
  readonly flusher: FlusherFile;
  settled = 0;
  /** What the pauses between attempts wait for. */
  pause = Promise.resolve();

  constructor(fileBytesMax = 1_000_000) {
    // No deadline passes, unless a test says so.
    this.env.sleep = () => new Promise(() => {});
    const path = `${this.disk.directory}/a.log`;
    const order = new ShiftedSiblings(fileBytesMax, 1000);
    const file = new RollingFile(this.disk.files, { path, order, isSynced: true });
    const sleep = () => this.pause;
    const target = new LineFile(file, { sleep }, this.log);
    const deadLetters = new DeadLetters(`${this.disk.directory}/dead`, this.env, this.log);
    this.flusher = new FlusherFile({ kernel: this.kernel, form: FORM, path, target, deadLetters, env: this.env });
  }

  get text(): string {
    return Deno.readTextFileSync(`${this.disk.directory}/a.log`);
  }

  batch(lines: readonly string[]): Batch {
    const bytes = new TextEncoder().encode(lines.join(""));
    this.kernel.chunk.set(bytes);
    const rows = this.kernel.decodeContainerLog(bytes.length, 3);
    const end = bytes.length;
    return { source: NGINX_SOURCE, rows, fields: FIELDS, offsetStart: 0, offsetEnd: end, offsetSafe: end };
  }

  /** Delivers a batch as a pipeline does; `settled` counts those that are delivered for good. */
  async deliver(...lines: readonly string[]): Promise<void> {
    const ticket = new Ticket(() => this.settled++);
    await this.flusher.deliver(this.batch(lines), ticket);
    ticket.release();
  }

  [Symbol.dispose](): void {
    this.disk[Symbol.dispose]();
  }
}

const contentOf = (line: string) => line.slice(line.indexOf(" F ") + 3);
/** Long enough for a write and a sync of a real file. */
const aMoment = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

Deno.test("records go out together when nothing more comes, and are delivered when they are synced", async () => {
  using scene = new Scene();
  await scene.deliver(nginxLine(1));
  await scene.deliver(nginxLine(2));
  assertEquals([scene.settled, scene.disk.syncs], [0, 0]);
  scene.flusher.idle();
  assertEquals(scene.settled, 0);
  await scene.flusher.stop(1000);
  assertEquals([scene.settled, scene.disk.syncs], [2, 1]);
  assertEquals(scene.text, contentOf(nginxLine(1)) + contentOf(nginxLine(2)));
  assertEquals(scene.flusher.counts, { records: 2, bytes: scene.text.length, undeliverable: 0 });
  assertEquals(scene.kernel.slotsFree, 3);
});

Deno.test("many records go out as slots fill, complete and in order, over many files", async () => {
  using scene = new Scene(1000);
  const lines = Array.from({ length: 300 }, (_, number) => nginxLine(number));
  for (let from = 0; from < lines.length; from += 30) await scene.deliver(...lines.slice(from, from + 30));
  await scene.flusher.stop(10_000);
  const names = Object.keys(scene.disk.contents()).sort((left, right) => numberIn(right) - numberIn(left));
  assertEquals(names.map((name) => scene.disk.contents()[name]).join(""), lines.map(contentOf).join(""));
  assertEquals([scene.settled, scene.flusher.counts.records], [10, 300]);
});

function numberIn(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}

Deno.test("while the disk is full reading waits; when it has room again everything is there, once", async () => {
  using scene = new Scene();
  const { promise, resolve } = Promise.withResolvers<void>();
  scene.pause = promise;
  scene.disk.beforeEach = (operation) => {
    if (operation === "write") throw systemError("ENOSPC");
  };
  const lines = Array.from({ length: 200 }, (_, number) => nginxLine(number));
  let isTaken = false;
  const delivery = scene.deliver(...lines).then(() => isTaken = true);
  await aMoment();
  assertEquals([isTaken, scene.kernel.slotsFree, scene.settled, scene.text], [false, 0, 0, ""]);
  scene.disk.beforeEach = () => {};
  resolve();
  await delivery;
  await scene.flusher.stop(10_000);
  assertEquals(scene.text, lines.map(contentOf).join(""));
  assertEquals(scene.settled, 1);
});

Deno.test("what is not written when the agent stops counts as not delivered", async () => {
  using scene = new Scene();
  const { promise, resolve } = Promise.withResolvers<void>();
  scene.pause = promise;
  scene.env.sleep = () => Promise.resolve();
  scene.disk.beforeEach = () => {
    throw systemError("EROFS");
  };
  await scene.deliver(nginxLine(1));
  await scene.flusher.stop(20);
  resolve();
  await aMoment();
  assertEquals([scene.settled, scene.flusher.counts.records, scene.kernel.slotsFree], [0, 0, 3]);
});

Deno.test("a message that is too long becomes a dead letter, and the others are written", async () => {
  using scene = new Scene();
  const records = ["a", "x".repeat(scene.kernel.textBytesMax + 1), "b"].map((value) => {
    return { seconds: 0, fields: [{ name: "a", value }] };
  });
  await scene.flusher.deliver({ ...scene.batch([]), rows: 0, records }, new Ticket(() => {}));
  await scene.flusher.stop(1000);
  assertEquals(scene.text, "a\nb\n");
  assertEquals(scene.flusher.counts.undeliverable, 1);
  assertStringIncludes(scene.log.lines[0], "can never be delivered: it is longer than");
});
