import { assertEquals } from "@std/assert";
import { PipelineScene, plainLines } from "../tests/support/pipeline_scene.ts";
import { type Random, seededRandom } from "../tests/support/random.ts";

const IDLE_FLUSH = { afterMs: 3000, incompleteLines: true };
const ROUNDS = 40;
const STEPS = 25;

/** What was written to a log, and where its records may end. Places count bytes without newlines. */
class Model {
  text = "";
  /** Where newlines were written: a record ends at each. */
  readonly ends = new Set<number>();
  /** Where a write ended inside a line: a record may end there, when nothing more came for a while or the file was replaced. */
  readonly pauses = new Set<number>();

  write(text: string): void {
    for (const part of text.split(/(\n)/)) {
      if (part === "\n") this.ends.add(this.text.length);
      else this.text += part;
    }
    if (!text.endsWith("\n")) this.pauses.add(this.text.length);
  }

  /** Checks records that came out, in order. */
  check(records: readonly string[]): void {
    assertEquals(records.filter((record) => record === ""), []);
    assertEquals(records.join(""), this.text);
    const ends = new Set<number>();
    records.reduce((end, record) => {
      ends.add(end + record.length);
      return end + record.length;
    }, 0);
    assertEquals([...this.ends].filter((end) => !ends.has(end)), [], "a newline ends a record");
    assertEquals([...ends].filter((end) => !this.ends.has(end) && !this.pauses.has(end)), [], "nothing else does");
  }
}

/** One life of one log: written, rotated, read, and the reader restarted, in any order. */
class Life {
  readonly model = new Model();
  readonly records: string[] = [];
  readonly #random: Random;
  #scene = new PipelineScene();
  #line = 0;
  #rotations = 0;
  #isInLine = false;
  #isNewFile = true;

  constructor(random: Random) {
    this.#random = random;
    this.#scene.add("a", { idleFlush: IDLE_FLUSH }, plainLines);
  }

  /** A log that was rotated before it was read for the first time has no past: only its newest file is read. */
  async begin(): Promise<void> {
    this.#write("the first line\n");
    await this.read();
  }

  async step(): Promise<void> {
    const act = this.#random.pick(
      ["line", "line", "begin", "end", "rotate", "glance", "glance", "read", "restart"] as const,
    );
    if (act === "line") this.#write(`${this.#isInLine ? "" : this.#nextLine()}-whole\n`);
    if (act === "begin") this.#write(this.#isInLine ? "-more" : this.#nextLine());
    // A newline that begins a file ends an empty line, whatever the file before it ended with.
    if (act === "end" && this.#isInLine && !this.#isNewFile) this.#write("\n");
    if (act === "rotate") this.#rotate();
    // Too short for some of what takes time: silence, looks at the path, the patience with a replaced file.
    if (act === "glance") await this.read(this.#random.integer(0, 4000));
    if (act === "read") await this.read();
    if (act === "restart") await this.#restart();
  }

  async read(quietMs?: number): Promise<void> {
    this.records.push(...(await this.#scene.run(quietMs))["a"] ?? []);
  }

  end(): void {
    this.#scene[Symbol.dispose]();
  }

  #nextLine(): string {
    return `${this.#line++}:${"x".repeat(this.#random.integer(0, 2000))}`;
  }

  #write(text: string): void {
    this.#scene.append("a", text);
    this.model.write(text);
    this.#isNewFile = false;
    this.#isInLine = !text.endsWith("\n");
  }

  #rotate(): void {
    const path = this.#scene.pathOf("a");
    this.#scene.append("a", "");
    this.#isNewFile = true;
    Deno.renameSync(path, `${path}.20261123-${String(this.#rotations++).padStart(6, "0")}`);
  }

  /** Everything that was read is settled here, so that nothing comes twice. */
  async #restart(): Promise<void> {
    await this.read();
    const before = this.#scene;
    const position = before.pipeline.ledger.position("a");
    this.#scene = new PipelineScene(undefined, {}, before.directory);
    await before.pipeline.stop(0);
    this.#scene.add("a", { position, idleFlush: IDLE_FLUSH }, plainLines);
  }
}

Deno.test("whatever is written, rotated and restarted, every byte comes out once, in whole lines", async () => {
  const random = seededRandom("the life of a log");
  for (let round = 0; round < ROUNDS; round++) {
    const life = new Life(random);
    await life.begin();
    for (let step = 0; step < STEPS; step++) await life.step();
    await life.read();
    life.model.check(life.records);
    life.end();
  }
});
