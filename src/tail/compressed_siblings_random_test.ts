import { assertEquals } from "@std/assert";
import { compressAsKubelet, rotateAsLogrotate } from "../../tests/support/rotated_logs.ts";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import { TailedScene } from "../../tests/support/tailed_scene.ts";
import type { Position } from "../core/position.ts";
import type { TailedSource } from "./tailed_source.ts";

const ROUNDS = 60;
const STEPS = 60;
const NEWLINE = 0x0a;

/** A log that somebody writes, rotates and compresses, and a reader that is stopped and started again. */
class RotatedLog {
  readonly scene = new TailedScene();
  readonly steps: string[] = [];
  written = "";
  read = "";
  readonly #random: Random;
  readonly #isKubelet: boolean;
  /** How much this reader does at a time: some are far behind. */
  readonly #looksMax: number;
  readonly #paddingMax: number;
  readonly #plain: string[] = [];
  /** What the kubelet has rotated, oldest first, and up to where in `written` it goes. */
  readonly #rotated: { readonly path: string; readonly end: number }[] = [];
  readonly #into = new Uint8Array(20_000);
  #lines = 0;
  #rotations = 0;
  #position: Position | undefined;
  #tailed: TailedSource;

  constructor(random: Random) {
    this.#random = random;
    this.#isKubelet = random.next() < 0.5;
    this.#looksMax = random.pick([2, 5, 12]);
    this.#paddingMax = random.pick([10, 200, 10_000]);
    this.#write();
    this.#tailed = this.scene.open(undefined, "oldest");
  }

  step(): void {
    const step = this.#random.pick(
      ["write", "write", "rotate", "compress", "delete", "read", "read", "restart"] as const,
    );
    this.steps.push(step);
    if (step === "write") this.#write();
    else if (step === "rotate") this.#rotate();
    else if (step === "compress") this.#compress();
    else if (step === "delete") this.#delete();
    else if (step === "read") this.#look(this.#random.integer(1, this.#looksMax));
    else this.#restart();
  }

  /** Reads all that is left. */
  end(): void {
    this.#look(3000);
  }

  #write(): void {
    for (let count = this.#random.integer(1, 20); count > 0; count--) {
      const line = `line ${this.#lines++} ${"x".repeat(this.#random.integer(0, this.#paddingMax))}\n`;
      this.scene.append(line);
      this.written += line;
    }
  }

  /** A file that holds nothing is not rotated: the kubelet asks for a size, and nobody can tell two of them apart. */
  #rotate(): void {
    if (Deno.statSync(this.scene.path).size === 0) return;
    if (this.#isKubelet) {
      this.#compress();
      const suffix = `20261123-${120_000 + this.#rotations++}`;
      this.scene.rotate(suffix);
      this.#plain.push(`${this.scene.path}.${suffix}`);
      this.#rotated.push({ path: `${this.scene.path}.${suffix}`, end: this.written.length });
    } else rotateAsLogrotate(this.scene.path);
    this.scene.append("");
  }

  #compress(): void {
    for (const path of this.#plain.splice(0)) compressAsKubelet(path);
  }

  /** The oldest goes, once it was read: its inode is free, and the next file may get it. */
  #delete(): void {
    const [oldest] = this.#rotated;
    if (oldest === undefined || this.read.length < oldest.end) return;
    this.#rotated.shift();
    const at = this.#plain.indexOf(oldest.path);
    if (at >= 0) this.#plain.splice(at, 1);
    Deno.removeSync(at >= 0 ? oldest.path : `${oldest.path}.gz`);
  }

  #restart(): void {
    this.#tailed.close();
    this.#tailed = this.scene.open(this.#position, "oldest");
  }

  #look(looks: number): void {
    for (let look = 0; look < looks; look++) {
      const result = this.#tailed.read(this.#into);
      if (result.kind === "bytes") this.#take(this.#into.subarray(0, result.size));
      else if (result.kind === "quiet") this.scene.env.pass(700);
    }
  }

  /** Some of the complete lines. */
  #take(bytes: Uint8Array): void {
    const wanted = this.#random.integer(1, bytes.length);
    const end = bytes.indexOf(NEWLINE, wanted - 1) + 1 || bytes.lastIndexOf(NEWLINE) + 1;
    this.read += new TextDecoder().decode(bytes.subarray(0, end));
    this.#tailed.advance(this.#tailed.offset + end);
    this.#position = this.#tailed.positionAt(this.#tailed.offset);
  }
}

Deno.test("however a log is rotated, compressed and its reader stopped, every line is read once and in order", () => {
  const random = seededRandom("compressed siblings");
  for (let round = 0; round < ROUNDS; round++) {
    const log = new RotatedLog(random);
    using _scene = log.scene;
    for (let step = 0; step < STEPS; step++) log.step();
    log.end();
    const what = `round ${round}: ${log.steps.join(", ")}`;
    assertEquals(log.read.length, log.written.length, what);
    assertEquals(log.read === log.written, true, what);
    // A file that was deleted after it was read is all that may be missed.
    assertEquals(log.scene.log.lines.filter((line) => !line.includes("stopped is gone")), [], what);
  }
});
