import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import type { Position } from "../core/position.ts";
import { type StartBytes, TailedSource } from "./tailed_source.ts";

/** A directory with a log that can be written, rotated and read. */
class Scene implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "sluice-tail-" });
  readonly path = `${this.directory}/0.log`;
  readonly env = new ClockEnv();
  readonly log = new RecordingLog();
  readonly #buffer = new Uint8Array(1000);
  #opened: TailedSource[] = [];

  append(text: string, path = this.path): void {
    Deno.writeTextFileSync(path, text, { append: true });
  }

  rotate(suffix: string): void {
    Deno.renameSync(this.path, `${this.path}.${suffix}`);
  }

  open(position?: Position, start: StartBytes = "first"): TailedSource {
    const source = { key: "k", path: this.path, tags: [] };
    const tailed = new TailedSource(source, position, start, this.env, this.log);
    this.#opened.push(tailed);
    return tailed;
  }

  /** Reads until nothing comes for three seconds, whole bytes, and returns all of it. */
  drain(tailed: TailedSource): string {
    let text = "";
    for (let quiet = 0; quiet < 3;) {
      const result = tailed.read(this.#buffer);
      if (typeof result === "object") {
        text += new TextDecoder().decode(this.#buffer.subarray(0, result.size));
        tailed.advance(tailed.offset + result.size);
        quiet = 0;
      } else if (result === "ended") return text + "<ended>";
      else if (result === "quiet") {
        quiet++;
        this.env.pass(1100);
      }
    }
    return text;
  }

  [Symbol.dispose](): void {
    for (const tailed of this.#opened) tailed.close();
    Deno.removeSync(this.directory, { recursive: true });
  }
}

Deno.test("reads from the first byte, and on as the file grows", () => {
  using scene = new Scene();
  scene.append("a\n");
  const tailed = scene.open();
  assertEquals(scene.drain(tailed), "a\n");
  scene.append("b\n");
  assertEquals(scene.drain(tailed), "b\n");
});

Deno.test("waits for a file that is not there yet and reads it from its first byte", () => {
  using scene = new Scene();
  const tailed = scene.open();
  assertEquals(scene.drain(tailed), "");
  scene.append("a\n");
  assertEquals(scene.drain(tailed), "a\n");
});

Deno.test("begins at the line after StartLogMaxOffset bytes before the end", () => {
  using scene = new Scene();
  scene.append("first\nsecond\nthird\n");
  assertEquals(scene.drain(scene.open(undefined, 8)), "third\n");
  assertEquals(scene.drain(scene.open(undefined, 6)), "third\n");
  assertEquals(scene.drain(scene.open(undefined, 1000)), "first\nsecond\nthird\n");
});

Deno.test("reads a renamed file to its end before the new one", () => {
  using scene = new Scene();
  scene.append("a\n");
  const tailed = scene.open();
  assertEquals(scene.drain(tailed), "a\n");
  scene.append("b\n");
  scene.rotate("20261123-120000");
  scene.append("c\n");
  assertEquals(scene.drain(tailed), "b\nc\n");
});

Deno.test("reads what is written to a renamed file before its writer lets go", () => {
  using scene = new Scene();
  scene.append("a\n");
  const tailed = scene.open();
  scene.drain(tailed);
  scene.rotate("20261123-120000");
  scene.append("c\n");
  tailed.read(new Uint8Array(10));
  scene.append("late\n", `${scene.path}.20261123-120000`);
  assertEquals(scene.drain(tailed), "late\nc\n");
});

Deno.test("catches up through several rotations between two looks", () => {
  using scene = new Scene();
  scene.append("a\n");
  const tailed = scene.open();
  scene.drain(tailed);
  for (const [index, suffix] of ["20261123-120001", "20261123-120002", "20261123-120003"].entries()) {
    scene.append(`${index}\n`);
    Deno.utimeSync(scene.path, index, index);
    scene.rotate(suffix);
  }
  scene.append("now\n");
  assertEquals(scene.drain(tailed), "0\n1\n2\nnow\n");
});

Deno.test("a file that was compressed after it was read does not hide the ones that came after it", () => {
  using scene = new Scene();
  scene.append("a\n");
  const tailed = scene.open();
  scene.drain(tailed);
  const position = tailed.positionAt(2);
  scene.rotate("20261123-120001");
  Deno.renameSync(`${scene.path}.20261123-120001`, `${scene.path}.20261123-120001.gz`);
  scene.append("b\n");
  scene.rotate("20261123-120002");
  scene.append("c\n");
  assertEquals(scene.drain(tailed), "b\nc\n");
  assertEquals(scene.drain(scene.open(position)), "b\nc\n");
});

Deno.test("a position is kept until there is a file again", () => {
  using scene = new Scene();
  scene.append("a\nb\n");
  const before = scene.open();
  before.read(new Uint8Array(10));
  const position = before.positionAt(2);
  Deno.renameSync(scene.path, `${scene.directory}/elsewhere`);
  const tailed = scene.open(position);
  assertEquals(scene.drain(tailed), "");
  Deno.renameSync(`${scene.directory}/elsewhere`, scene.path);
  assertEquals(scene.drain(tailed), "b\n");
});

Deno.test("resumes at a position, in a file that was rotated meanwhile too", () => {
  using scene = new Scene();
  scene.append("a\nb\n");
  const before = scene.open();
  before.read(new Uint8Array(10));
  const position = before.positionAt(2);
  assertEquals(scene.drain(scene.open(position)), "b\n");
  scene.rotate("20261123-120001");
  Deno.utimeSync(`${scene.path}.20261123-120001`, 1, 1);
  scene.append("c\n");
  Deno.utimeSync(scene.path, 2, 2);
  scene.rotate("20261123-120002");
  scene.append("d\n");
  assertEquals(scene.drain(scene.open(position)), "b\nc\nd\n");
});

Deno.test("a file that took over the inode is told apart by its first bytes", () => {
  using scene = new Scene();
  scene.append("old content\n");
  const before = scene.open();
  before.read(new Uint8Array(100));
  const position = before.positionAt(12);
  Deno.writeTextFileSync(scene.path, "new content, longer\n");
  assertEquals(scene.drain(scene.open(position)), "new content, longer\n");
  assertEquals(scene.log.lines.length, 1);
});

Deno.test("a truncated file is read from its first byte", () => {
  using scene = new Scene();
  scene.append("a long first line\n");
  const tailed = scene.open();
  scene.drain(tailed);
  Deno.writeTextFileSync(scene.path, "new\n");
  assertEquals(scene.drain(tailed), "new\n");
});

Deno.test("an incomplete line is waited for, and handed out when its file was replaced", () => {
  using scene = new Scene();
  scene.append("a\nincompl");
  const tailed = scene.open();
  const into = new Uint8Array(100);
  assertEquals(tailed.read(into), { size: 9, isLast: false });
  tailed.advance(2);
  assertEquals(tailed.read(into), { size: 7, isLast: false });
  tailed.wait(7);
  assertEquals(tailed.read(into), "quiet");
  scene.append("ete");
  assertEquals(tailed.read(into), { size: 10, isLast: false });
  tailed.wait(10);
  scene.rotate("20261123-120000");
  scene.append("next\n");
  scene.env.pass(1100);
  tailed.read(into);
  scene.env.pass(1100);
  assertEquals(tailed.read(into), { size: 10, isLast: true });
  assertEquals(tailed.readRest(into), 10);
  tailed.advance(12);
  assertEquals(scene.drain(tailed), "next\n");
});

Deno.test("ends after finish() when everything is read, deleted or not", () => {
  using scene = new Scene();
  scene.append("a\n");
  const tailed = scene.open();
  tailed.read(new Uint8Array(1));
  Deno.removeSync(scene.path);
  tailed.finish();
  assertEquals(scene.drain(tailed), "a\n<ended>");
  scene.append("b\n");
  const other = scene.open();
  other.finish();
  assertEquals(scene.drain(other), "b\n<ended>");
});

Deno.test("a directory in place of the file is not opened", () => {
  using scene = new Scene();
  Deno.mkdirSync(scene.path);
  assertEquals(scene.drain(scene.open()), "");
});
