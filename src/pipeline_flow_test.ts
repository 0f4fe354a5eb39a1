import { assertEquals } from "@std/assert";
import { HEAD, PipelineScene, plainLines } from "../tests/support/pipeline_scene.ts";
import type { Batch } from "./core/batch.ts";
import type { Flusher } from "./core/flusher.ts";
import type { Processor } from "./core/processor.ts";
import type { LogRecord } from "./core/record.ts";
import type { Ticket } from "./core/ticket.ts";

const IDLE_FLUSH = { afterMs: 3000, incompleteLines: true };

Deno.test("a line without its end is handed out when nothing more comes, and its newline is no record", async () => {
  using scene = new PipelineScene();
  scene.append("a", "one\ntwo, begun");
  scene.add("a", { idleFlush: IDLE_FLUSH }, plainLines);
  assertEquals(await scene.run(), { a: ["one", "two, begun"] });
  scene.append("a", "\n");
  assertEquals(await scene.run(), {});
  scene.append("a", "three, ");
  scene.append("a", "whole\n");
  assertEquals(await scene.run(), { a: ["three, whole"] });
  assertEquals(scene.offsetOf("a"), Deno.statSync(scene.pathOf("a")).size);
});

Deno.test("a line without its end waits where that is wanted", async () => {
  using scene = new PipelineScene();
  scene.append("a", "begun");
  scene.append("b", "begun");
  scene.add("a", { idleFlush: { ...IDLE_FLUSH, incompleteLines: false } }, plainLines);
  scene.add("b", {}, plainLines);
  assertEquals(await scene.run(), {});
  scene.append("a", ", ended\n");
  scene.append("b", ", ended\n");
  assertEquals(await scene.run(), { a: ["begun, ended"], b: ["begun, ended"] });
});

Deno.test("what a silent source holds back is asked for once, at the place where reading is", async () => {
  using scene = new PipelineScene();
  scene.append("a", "one\n");
  const asked: [number, string][] = [];
  scene.add("a", { idleFlush: IDLE_FLUSH }, (source) => (kernel, counts) => {
    const decoder = plainLines(source)(kernel, counts);
    const flush = decoder.flush.bind(decoder);
    decoder.flush = (offset, why) => {
      asked.push([offset, why]);
      return flush(offset, why);
    };
    return decoder;
  });
  await scene.run();
  assertEquals(asked, [[4, "idle"]]);
  scene.append("a", "two\n");
  await scene.run();
  assertEquals(asked, [[4, "idle"], [8, "idle"]]);
  scene.pipeline.finish("a");
  await scene.run();
  assertEquals(asked, [[4, "idle"], [8, "idle"], [8, "ended"]]);
});

Deno.test("a decoder is told of every file that is begun", async () => {
  using scene = new PipelineScene();
  scene.append("a", `${HEAD} F one\n`);
  const inodes: (number | null)[] = [];
  const begun: number[] = [];
  scene.add("a", {}, (source) => (kernel, counts) => {
    const decoder = plainLines(source)(kernel, counts);
    const beginFile = decoder.beginFile.bind(decoder);
    decoder.beginFile = (identity) => {
      begun.push(identity.inode);
      beginFile(identity);
    };
    return decoder;
  });
  for (const suffix of ["1", "2"]) {
    inodes.push(Deno.statSync(scene.pathOf("a")).ino);
    await scene.run();
    Deno.renameSync(scene.pathOf("a"), `${scene.pathOf("a")}.${suffix}`);
    scene.append("a", `${HEAD} F next\n`);
  }
  assertEquals(begun, inodes);
});

Deno.test("a source that is too far behind skips to a line near its end", async () => {
  using scene = new PipelineScene();
  const lines = Array.from({ length: 4096 }, (_, number) => String(number).padStart(1023, "0"));
  scene.append("a", lines.map((line) => `${line}\n`).join(""));
  scene.add("a", { lag: { skipAboveBytes: 2 * 1024 * 1024, warnAboveBytes: 1024 * 1024 } }, plainLines);
  assertEquals(await scene.run(), { a: lines.slice(3072) });
  assertEquals(scene.log.lines.filter((line) => line.includes("skipped 3145728 bytes")).length, 1);
});

/** A flusher that keeps the text of what it is given. */
class TextFlusher implements Flusher {
  readonly counts = { records: 0, bytes: 0, undeliverable: 0 };
  readonly batches: Pick<Batch, "rows" | "records">[] = [];

  deliver({ rows, records }: Batch, _ticket: Ticket): Promise<void> {
    this.batches.push({ rows, records });
    return Promise.resolve();
  }

  idle(): void {}

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** A processor that does `change` with every record. */
function processor(change: (record: LogRecord) => LogRecord[]): Processor {
  return { counts: { processed: 0, missing: 0, failed: 0, dropped: 0 }, process: (records) => records.flatMap(change) };
}

const record = (...values: string[]): LogRecord => {
  return { seconds: 1, fields: values.map((value) => ({ name: "content", value })) };
};

Deno.test("records go through the processors in order, and those without fields are dropped", async () => {
  const flusher = new TextFlusher();
  const values = ({ fields }: LogRecord) => fields.map(({ value }) => value);
  const processors = [
    processor((each) => [record(...values(each), "first")]),
    processor((each) => [record(...values(each), "second"), record()]),
  ];
  const textOf = ({ rows }: Batch) => Array.from({ length: rows }, (_, row) => record(String(row)));
  using scene = new PipelineScene(() => flusher, { processors, textOf });
  scene.append("a", "one\ntwo\n");
  scene.add("a", {}, plainLines);
  await scene.run();
  assertEquals(flusher.batches, [{
    rows: 0,
    records: [record("0", "first", "second"), record("1", "first", "second")],
  }]);
});

Deno.test("a batch of which processors leave nothing is settled without being delivered", async () => {
  const flusher = new TextFlusher();
  using scene = new PipelineScene(() => flusher, { processors: [processor(() => [])], textOf: () => [record("x")] });
  scene.append("a", "one\n");
  scene.add("a", {}, plainLines);
  await scene.run();
  assertEquals([flusher.batches, scene.offsetOf("a")], [[], 4]);
});

Deno.test("a pace that pauses reading stops nothing: everything arrives, later", async () => {
  const turns: number[] = [];
  using scene: PipelineScene = new PipelineScene(undefined, {
    pace: {
      turn: async () => {
        turns.push(scene.env.now());
        await scene.env.sleep(1000);
      },
    },
  });
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  for (const key of ["a", "b"]) {
    scene.append(key, lines.map((line) => `${line}\n`).join(""));
    scene.add(key, {}, plainLines);
  }
  assertEquals(await scene.run(), { a: lines, b: lines });
  assertEquals(turns.length > 1, true);
});
