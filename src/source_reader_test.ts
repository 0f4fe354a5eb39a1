import { assertEquals } from "@std/assert";
import { PipelineScene } from "../tests/support/pipeline_scene.ts";
import { type Random, seededRandom } from "../tests/support/random.ts";
import type { Batch } from "./core/batch.ts";
import type { Flusher, PositionKeeper } from "./core/flusher.ts";
import type { MultilineRules } from "./core/multiline_options.ts";
import type { Position } from "./core/position.ts";
import type { Source } from "./core/source.ts";
import type { Ticket } from "./core/ticket.ts";
import { containerLogDecoder } from "./decode/container_log.ts";
import { parsePosition, positionRecord } from "./deliver/kafka/exactly_once/position_records.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { MakeDecoder } from "./pipeline.ts";
import { placeToGoOn } from "./source_reader.ts";

const HEAD = "2022-07-13T23:45:54.976593653+08:00";
const STREAMS = ["stdout", "stderr"] as const;
type StreamName = typeof STREAMS[number];
const STARTS_WITH_NUMBER: MultilineRules = {
  mode: "start",
  start: /^\d+ /,
  anchored: true,
  checkBytesMax: 1000,
  unmatched: "single",
};

/** What was committed together: records, and where reading goes on behind them. */
interface Commit {
  readonly texts: readonly string[];
  readonly position: Position;
}

/** Commits each batch at once, and keeps positions as the topic does, or leaves them to the checkpoint. */
class CommittingFlusher implements Flusher {
  readonly counts = { records: 0, bytes: 0, undeliverable: 0 };
  readonly commits: Commit[] = [];
  readonly positions: PositionKeeper | undefined;
  readonly #kernel: Kernel;

  constructor(kernel: Kernel, keepsPositions = true) {
    this.#kernel = kernel;
    const pass = (ticket: Ticket) => this.#commit([], ticket);
    if (keepsPositions) this.positions = { kept: Promise.resolve(new Map()), pass, note: () => {} };
  }

  get texts(): readonly string[] {
    return this.commits.flatMap(({ texts }) => texts);
  }

  deliver({ rows }: Batch, ticket: Ticket): Promise<void> {
    const textOf = (column: number, row: number) => new TextDecoder().decode(this.#kernel.slice(column, row));
    const texts = Array.from({ length: rows }, (_, row) => `${textOf(2, row)}: ${textOf(0, row)}`);
    this.#commit(texts, ticket);
    return Promise.resolve();
  }

  idle(): void {}

  stop(): Promise<void> {
    return Promise.resolve();
  }

  #commit(texts: readonly string[], { claim }: Ticket): void {
    const { value } = positionRecord("n", "a", claim!.position);
    this.commits.push({ texts, position: parsePosition(value!) });
  }
}

/** Writes records of both streams, whole, in pieces and in several lines, and rotates in between. */
class Writer {
  readonly expected: Record<StreamName, string[]> = { stdout: [], stderr: [] };
  readonly #scene: PipelineScene;
  readonly #random: Random;
  readonly #isMultiline: boolean;
  readonly #pieces: Record<StreamName, string[]> = { stdout: [], stderr: [] };
  readonly #rotationChance: number;
  #rotations = 0;
  #count = 0;

  constructor(scene: PipelineScene, random: Random, isMultiline: boolean, rotationChance = 0.15) {
    this.#scene = scene;
    this.#rotationChance = rotationChance;
    this.#random = random;
    this.#isMultiline = isMultiline;
    scene.append("a", "");
  }

  step(): void {
    if (this.#random.next() < this.#rotationChance) this.#rotate();
    for (let count = this.#random.integer(1, 4); count > 0; count--) this.#piece(this.#random.pick(STREAMS));
  }

  finish(): void {
    for (const stream of STREAMS) {
      while (this.#pieces[stream].length > 0) this.#piece(stream);
      // A record of several lines is complete when the next one begins.
      if (this.#isMultiline) this.#write(stream, "F", "9 end");
    }
  }

  #piece(stream: StreamName): void {
    const pieces = this.#pieces[stream];
    if (pieces.length === 0) pieces.push(...this.#nextRecord(stream));
    const piece = pieces.shift()!;
    this.#write(stream, piece.endsWith("\n") ? "F" : "P", piece.replace("\n", ""));
  }

  #nextRecord(stream: StreamName): string[] {
    const number = this.#count++;
    const lineCount = this.#isMultiline ? this.#random.integer(1, 3) : 1;
    const lines = Array.from({ length: lineCount }, (_, line) => line === 0 ? `${number} begins` : `goes on ${line}`);
    this.expected[stream].push(`${stream}: ${lines.join("\n")}`);
    return lines.flatMap((line) => {
      const cut = this.#random.integer(1, line.length - 1);
      return this.#random.next() < 0.5 ? [`${line}\n`] : [line.slice(0, cut), `${line.slice(cut)}\n`];
    });
  }

  #write(stream: StreamName, tag: "P" | "F", text: string): void {
    this.#scene.append("a", `${HEAD} ${stream} ${tag} ${text}\n`);
  }

  #rotate(): void {
    const path = this.#scene.pathOf("a");
    Deno.renameSync(path, `${path}.20261123-${120_000 + this.#rotations++}`);
    this.#scene.append("a", "");
  }
}

function decoding(multiline: MultilineRules | undefined): (source: Source) => MakeDecoder {
  const options = { stdout: true, stderr: true, multiline, timeOfFirst: false };
  return (source) => (kernel, counts) => containerLogDecoder(options, { kernel, source, counts, nowSeconds: () => 0 });
}

/** Reads on from `position`. @returns what was committed. */
async function readOn(directory: string, position: Position | undefined, makeDecoder: (source: Source) => MakeDecoder) {
  let flusher: CommittingFlusher | undefined;
  const scene = new PipelineScene(({ kernel }) => flusher = new CommittingFlusher(kernel), {}, directory);
  scene.add("a", { position }, makeDecoder);
  await scene.run();
  await scene.pipeline.stop(0);
  return flusher!.texts;
}

for (const [name, multiline] of Object.entries({ "pieces": undefined, "pieces and lines": STARTS_WITH_NUMBER })) {
  Deno.test(`records in ${name} of both streams, rotated and killed at any commit, are read once`, async () => {
    const random = seededRandom(name);
    let flusher: CommittingFlusher | undefined;
    using scene = new PipelineScene(({ kernel }) => flusher = new CommittingFlusher(kernel));
    const writer = new Writer(scene, random, multiline !== undefined);
    scene.add("a", {}, decoding(multiline));
    // Before there is a position only the newest file is read.
    await scene.run();
    for (let step = 0; step < 60; step++) {
      writer.step();
      if (random.next() < 0.7) await scene.run(random.pick([100, 40_000]));
    }
    writer.finish();
    await scene.run();
    const { commits } = flusher!;
    const of = (texts: readonly string[], stream: StreamName) =>
      texts.filter((text) => text.startsWith(stream) && !text.endsWith("9 end"));
    for (const stream of STREAMS) assertEquals(of(flusher!.texts, stream), writer.expected[stream]);
    for (let killed = 0; killed < commits.length; killed++) {
      const before = commits.slice(0, killed + 1).flatMap(({ texts }) => texts);
      const after = await readOn(scene.directory, commits[killed].position, decoding(multiline));
      for (const stream of STREAMS) {
        assertEquals(of([...before, ...after], stream), writer.expected[stream], `killed after commit ${killed}`);
      }
    }
    assertEquals(commits.some(({ position }) => (position.pending?.records.length ?? 0) > 1), true);
  });
}

Deno.test("without positions in the topic records in pieces come whole, too, however many rotations have cut them, and none is lost", async () => {
  for (const multiline of [undefined, STARTS_WITH_NUMBER]) {
    const random = seededRandom(`pieces, at least once, ${multiline?.mode}`);
    let flusher: CommittingFlusher | undefined;
    using scene = new PipelineScene(({ kernel }) => flusher = new CommittingFlusher(kernel, false));
    const writer = new Writer(scene, random, multiline !== undefined, 0.6);
    scene.add("a", {}, decoding(multiline));
    await scene.run();
    for (let step = 0; step < 60; step++) {
      writer.step();
      await scene.run();
    }
    writer.finish();
    await scene.run();
    const { commits } = flusher!;
    const expected = STREAMS.flatMap((stream) => writer.expected[stream]).toSorted();
    for (let killed = 0; killed < commits.length; killed++) {
      const before = commits.slice(0, killed + 1).flatMap(({ texts }) => texts);
      const after = await readOn(scene.directory, commits[killed].position, decoding(multiline));
      const come = new Set([...before, ...after].filter((text) => !text.endsWith("9 end")));
      assertEquals(expected.filter((text) => !come.has(text)), [], `killed after commit ${killed}`);
      if (multiline === undefined) assertEquals([...come].toSorted(), expected, `killed after commit ${killed}`);
    }
    assertEquals(
      commits.some(({ position }) => position.pending?.records.some(({ offsetSafe }) => offsetSafe <= 0)),
      true,
    );
  }
});

Deno.test("what is pending is gone on with where it fits; where lines have become shorter, it is read again", () => {
  const identity = { device: 1, inode: 2, headBytes: 0, headHash: 0 };
  const safe = { identity, offset: 5 };
  const record = { stream: "Stdout", seconds: 0, offsetSafe: 0, lineOffset: 0 } as const;
  const position = (content: number, time: number, line: number): Position => ({
    identity,
    offset: 9,
    pending: { safe, records: [{ ...record, content: new Uint8Array(content), time: new Uint8Array(time), line }] },
  });
  assertEquals(placeToGoOn(safe, 1), safe);
  assertEquals(placeToGoOn(position(100, 64, 100), 100), position(100, 64, 100));
  for (const one of [position(101, 0, 0), position(0, 65, 0), position(3, 0, 4)]) {
    assertEquals(placeToGoOn(one, 100), safe);
  }
});
