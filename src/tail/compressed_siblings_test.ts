import { assert, assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { compressAsGzip, compressAsKubelet, rotateAsLogrotate } from "../../tests/support/rotated_logs.ts";
import { TailedScene } from "../../tests/support/tailed_scene.ts";
import type { Position } from "../core/position.ts";

/** A log that the kubelet rotates, and that is left in the middle. */
class KubeletScene extends TailedScene {
  /** Rotated files that are plain, oldest first. */
  readonly plain: string[] = [];
  #rotations = 0;

  /** Compresses what was rotated before, and rotates. */
  rotateAll(): void {
    this.compressAll();
    const suffix = `20261123-${120_000 + this.#rotations++}`;
    this.rotate(suffix);
    this.plain.push(`${this.path}.${suffix}`);
  }

  compressAll(): string[] {
    return this.plain.splice(0).map(compressAsKubelet);
  }

  /** Where reading stands after so many bytes of the log. */
  positionAfter(bytes: number): Position {
    const tailed = this.open();
    this.read(tailed);
    tailed.advance(bytes);
    this.read(tailed);
    return tailed.positionAt(bytes)!;
  }
}

Deno.test("a position goes on in the file that was compressed, and then in those that came after it", () => {
  using scene = new KubeletScene();
  scene.append("a\nb\n");
  const position = scene.positionAfter(2);
  scene.rotateAll();
  for (const text of ["c\n", "d\n", "e\n"]) {
    scene.append(text);
    scene.rotateAll();
  }
  scene.append("f\n");
  assertEquals(scene.plain.length, 1);
  assertEquals(scene.drain(scene.open(position)), "b\nc\nd\ne\nf\n");
  assertEquals(scene.log.lines, []);
});

Deno.test("what was read before is not read again from its compressed file", () => {
  using scene = new KubeletScene();
  for (const text of ["old\n", "older\n"]) {
    scene.append(text);
    scene.rotateAll();
  }
  scene.append("a\n");
  const position = scene.positionAfter(2);
  scene.rotateAll();
  assertEquals(scene.drain(scene.open(position)), "", "nothing compressed comes after a plain file");
  scene.compressAll();
  assertEquals(scene.drain(scene.open(position)), "", "all of it was read, compressed or not");
  scene.append("b\n");
  assertEquals(scene.drain(scene.open(position)), "b\n");
});

Deno.test("several rotations between two looks are caught up with in the compressed files", () => {
  using scene = new KubeletScene();
  scene.append("a\n");
  const tailed = scene.open();
  assertEquals(scene.drain(tailed), "a\n");
  for (const text of ["b\n", "c\n", "d\n"]) {
    scene.append(text);
    scene.rotateAll();
  }
  scene.append("e\n");
  assertEquals(scene.drain(tailed), "b\nc\nd\ne\n");
  scene.rotateAll();
  scene.append("f\n");
  scene.rotateAll();
  scene.append("g\n");
  assertEquals(scene.drain(tailed), "f\ng\n");
});

Deno.test("a position in a compressed file is one in what it holds, whatever its number is by then", () => {
  using scene = new KubeletScene();
  scene.append("a\nb\nc\n");
  const position = scene.positionAfter(2);
  rotateAsLogrotate(scene.path);
  scene.append("d\n");
  rotateAsLogrotate(scene.path);
  const tailed = scene.open(position);
  scene.read(tailed);
  tailed.advance(4);
  const inCompressed = tailed.positionAt(4);
  scene.append("e\n");
  rotateAsLogrotate(scene.path);
  scene.append("f\n");
  assertEquals(scene.drain(scene.open(inCompressed)), "c\nd\ne\nf\n");
  assertEquals(scene.drain(tailed), "c\nd\ne\nf\n");
});

Deno.test("a log that was never read begins with the oldest compressed file where all of it is wanted", () => {
  using scene = new KubeletScene();
  for (const text of ["a\n", "b\n", "c\n"]) {
    scene.append(text);
    scene.rotateAll();
  }
  scene.append("d\n");
  assertEquals(scene.drain(scene.open(undefined, "oldest")), "a\nb\nc\nd\n");
  assertEquals(scene.drain(scene.open(undefined, "first")), "d\n");
});

Deno.test("a compressed file beside its plain one is not read: it is being written", () => {
  using scene = new KubeletScene();
  scene.append("a\nb\n");
  const position = scene.positionAfter(2);
  scene.rotateAll();
  const [path] = scene.plain;
  Deno.writeFileSync(`${path}.gz`, gzipSync(Deno.readFileSync(path)).subarray(0, 15));
  scene.append("c\n");
  assertEquals(scene.drain(scene.open(position)), "b\nc\n");
  assertEquals(scene.drain(scene.open(undefined, "oldest")), "a\nb\nc\n");
  assertEquals(scene.log.lines, []);
});

Deno.test("where the file of a position was deleted, all that is left came after it", () => {
  using scene = new KubeletScene();
  scene.append("a\nb\n");
  const position = scene.positionAfter(2);
  // Holds the inode, so that no later file gets it.
  using _held = Deno.openSync(scene.path);
  for (const text of ["", "c\n", "d\n"]) {
    scene.append(text);
    scene.rotateAll();
  }
  Deno.removeSync(`${scene.path}.20261123-120000.gz`);
  scene.append("e\n");
  assertEquals(scene.drain(scene.open(position)), "c\nd\ne\n");
  assertEquals(scene.log.lines.length, 1);
});

Deno.test("a log that was cut in place does not begin again with its old compressed files", () => {
  using scene = new KubeletScene();
  scene.append("old\n");
  rotateAsLogrotate(scene.path);
  scene.append("older\n");
  rotateAsLogrotate(scene.path);
  Deno.removeSync(`${scene.path}.1`);
  scene.append("a\n");
  const position = scene.positionAfter(2);
  Deno.writeTextFileSync(scene.path, "new\n");
  assertEquals(scene.drain(scene.open(position)), "new\n");
});

Deno.test("a copy that was compressed is read on where its log was copied and cut", () => {
  using scene = new KubeletScene();
  scene.append("a\nb\n");
  const position = scene.positionAfter(2);
  Deno.copyFileSync(scene.path, `${scene.path}.1`);
  compressAsGzip(`${scene.path}.1`);
  Deno.writeTextFileSync(scene.path, "c\n");
  assertEquals(scene.drain(scene.open(position)), "b\nc\n");
});

Deno.test("a log that was deleted while it was read does not begin again with its old compressed files", () => {
  using scene = new KubeletScene();
  scene.append("old\n");
  rotateAsLogrotate(scene.path);
  compressAsGzip(`${scene.path}.1`);
  Deno.utimeSync(`${scene.path}.1.gz`, 1, 1);
  scene.append("a\n");
  const tailed = scene.open();
  assertEquals(scene.drain(tailed), "a\n");
  Deno.removeSync(scene.path);
  scene.append("b\n");
  assertEquals(scene.drain(tailed), "b\n");
});

Deno.test("files that begin alike are told apart by where their lines end", () => {
  using scene = new KubeletScene();
  const banner = `${"banner ".repeat(200)}\n`;
  const texts = ["first\nx\n", "of the second\ny\n", "of all the third\nz\n"].map((text) => banner + text);
  const offset = banner.length + "of the second\n".length;
  let position: Position | undefined;
  for (const text of texts) {
    scene.append(text);
    if (text === texts[1]) position = scene.positionAfter(offset);
    scene.rotateAll();
  }
  scene.compressAll();
  scene.append("end\n");
  assertEquals(scene.drain(scene.open(position)), `y\n${texts[2]}end\n`);
});

Deno.test("of a compressed file that is cut off, what there is is read, and the rest is said to be lost", () => {
  using scene = new KubeletScene();
  const lines = Array.from({ length: 20_000 }, (_, number) => `line ${number} ${(number * 7919) % 10_007}\n`).join("");
  scene.append(lines);
  const position = scene.positionAfter(7);
  scene.rotateAll();
  const [path] = scene.compressAll();
  scene.append("next\n");
  Deno.truncateSync(path, Math.floor(Deno.statSync(path).size / 2));
  const read = scene.drain(scene.open(position));
  assert(read.endsWith("next\n") && read.length > 50_000, `${read.length} bytes`);
  assert(lines.slice(7).startsWith(read.slice(0, -"next\n".length)));
  assertEquals(scene.log.lines.length, 1);
  const lost = 7 + read.length - "next\n".length;
  assert(scene.log.lines[0].includes(`${path} ends too early: what came after ${lost} uncompressed bytes is lost`));
});

Deno.test("a position behind what is left of a compressed file repeats nothing", () => {
  using scene = new KubeletScene();
  const lines = Array.from({ length: 20_000 }, (_, number) => `line ${number} ${(number * 7919) % 10_007}\n`).join("");
  scene.append(lines);
  const before = scene.open();
  scene.drain(before);
  const position = before.positionAt(before.offset);
  scene.rotateAll();
  const [path] = scene.compressAll();
  Deno.truncateSync(path, 40_000);
  scene.append("next\n");
  assertEquals(scene.drain(scene.open(position)), "next\n");
  assertEquals(scene.log.lines.length, 1);
});

Deno.test("a position far inside a large compressed file is reached in steps", () => {
  using scene = new KubeletScene();
  const line = `${"0123456789".repeat(100)}\n`;
  scene.append(`first\n${line.repeat(20_000)}`);
  const position = { ...scene.positionAfter(6), offset: 6 + line.length * 19_999 };
  scene.rotateAll();
  scene.compressAll();
  const tailed = scene.open(position);
  const into = new Uint8Array(10_000);
  const kinds = Array.from({ length: 7 }, () => tailed.read(into).kind);
  assertEquals(kinds, ["opened", "opened", "opened", "opened", "opened", "bytes", "bytes"]);
  assertEquals(scene.drain(scene.open(position)), line);
});

Deno.test("a source that was let go of and has a future again goes on in the compressed file", () => {
  using scene = new KubeletScene();
  scene.append("read\nnot read\n");
  const tailed = scene.open();
  scene.read(tailed);
  tailed.advance(5);
  tailed.finish();
  tailed.release();
  scene.rotateAll();
  scene.append("later\n");
  scene.rotateAll();
  scene.append("last\n");
  tailed.revive();
  assertEquals(scene.drain(tailed), "not read\nlater\nlast\n");
});

Deno.test("the name of a compressed file that leads nowhere stops nothing", () => {
  using scene = new KubeletScene();
  scene.append("a\n");
  const position = scene.positionAfter(2);
  scene.rotateAll();
  Deno.symlinkSync("/nowhere", `${scene.path}.20261123-110000.gz`);
  Deno.mkdirSync(`${scene.path}.20261123-110001.gz`);
  scene.compressAll();
  scene.append("b\n");
  assertEquals(scene.drain(scene.open(position)), "b\n");
  assertEquals(scene.drain(scene.open(undefined, "oldest")), "a\nb\n");
});

Deno.test("where more files have gathered than are looked through, the newest count", () => {
  using scene = new KubeletScene();
  for (let number = 0; number < 120; number++) {
    const path = `${scene.path}.20261123-${100_000 + number}.gz`;
    Deno.writeFileSync(path, gzipSync(`${number}\n`));
    Deno.utimeSync(path, number, number);
  }
  scene.append("end\n");
  const expected = Array.from({ length: 100 }, (_, index) => `${20 + index}\n`).join("");
  assertEquals(scene.drain(scene.open(undefined, "oldest")), `${expected}end\n`);
});
