import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { systemError, UnreliableDisk } from "../../tests/support/unreliable_disk.ts";
import { RollingFile } from "./rolling_file.ts";
import { ShiftedSiblings } from "./sibling_files.ts";

const FILE_BYTES_MAX = 100;
const bytesOf = (text: string) => new TextEncoder().encode(text);

class Scene implements Disposable {
  readonly disk = new UnreliableDisk();
  readonly path = `${this.disk.directory}/a.log`;
  file = this.open();

  open(isSynced = true): RollingFile {
    const order = new ShiftedSiblings(FILE_BYTES_MAX, 3);
    return new RollingFile(this.disk.files, { path: this.path, order, isSynced });
  }

  /** Lets one kind of operation fail, once. */
  failOnce(failing: string, code = "ENOSPC"): void {
    this.disk.beforeEach = (operation) => {
      if (operation !== failing) return;
      this.disk.beforeEach = () => {};
      throw systemError(code);
    };
  }

  [Symbol.dispose](): void {
    this.file.close();
    this.disk[Symbol.dispose]();
  }
}

Deno.test("a file is made with its directory, and goes on after a restart with what it has", () => {
  using scene = new Scene();
  const path = `${scene.disk.directory}/x/y/a.log`;
  for (const line of ["one\n", "two\n"]) {
    const order = new ShiftedSiblings(FILE_BYTES_MAX, 3);
    const file = new RollingFile(scene.disk.files, { path, order, isSynced: true });
    assertEquals(file.append(bytesOf(line)), 4);
    file.close();
  }
  assertEquals(Deno.readTextFileSync(path), "one\ntwo\n");
});

Deno.test("a restart knows how full the file is", () => {
  using scene = new Scene();
  Deno.writeTextFileSync(scene.path, "x".repeat(96) + "\n");
  assertEquals(scene.file.append(bytesOf("12345\n")), 0);
  scene.file.roll();
  assertEquals(scene.file.append(bytesOf("12345\n")), 6);
  assertEquals(Object.keys(scene.disk.contents()), ["a.1.log", "a.log"]);
});

Deno.test("what a failed write has left is taken back", () => {
  using scene = new Scene();
  scene.file.append(bytesOf("one\n"));
  scene.failOnce("write");
  assertThrows(() => scene.file.append(bytesOf("two\nthree\n")), Error, "ENOSPC");
  assertEquals(scene.disk.contents(), { "a.log": "one\n" });
  scene.file.append(bytesOf("two\nthree\n"));
  assertEquals(scene.disk.contents(), { "a.log": "one\ntwo\nthree\n" });
});

Deno.test("where even that fails, the half line gets an end before others come", () => {
  using scene = new Scene();
  scene.disk.beforeEach = (operation) => {
    if (operation !== "open") throw systemError("EIO");
  };
  assertThrows(() => scene.file.append(bytesOf("broken\n")), Error, "EIO");
  scene.disk.beforeEach = () => {};
  scene.file.append(bytesOf("whole\n"));
  assertEquals(scene.disk.contents(), { "a.log": "bro\nwhole\n" });
});

Deno.test("what cannot be synced is taken back, to be added again", async () => {
  using scene = new Scene();
  scene.file.append(bytesOf("one\n"));
  await scene.file.settle();
  scene.file.append(bytesOf("two\n"));
  scene.failOnce("sync", "EIO");
  await assertRejects(() => scene.file.settle(), Error, "EIO");
  assertEquals(scene.disk.contents(), { "a.log": "one\n" });
});

Deno.test("what others have written after it is never taken back", async () => {
  using scene = new Scene();
  scene.file.append(bytesOf("one\n"));
  Deno.writeTextFileSync(scene.path, "other\n", { append: true });
  scene.failOnce("sync", "EIO");
  await assertRejects(() => scene.file.settle(), Error, "EIO");
  assertEquals(scene.disk.contents(), { "a.log": "one\nother\n" });
});

Deno.test("a file that somebody has cut is not filled with zeros", async () => {
  using scene = new Scene();
  scene.file.append(bytesOf("one\n"));
  await scene.file.settle();
  scene.file.append(bytesOf("two\n"));
  Deno.truncateSync(scene.path);
  scene.failOnce("sync", "EIO");
  await assertRejects(() => scene.file.settle(), Error, "EIO");
  assertEquals(scene.disk.contents(), { "a.log": "" });
});

Deno.test("nothing is synced twice, nor where that is not wanted", async () => {
  using scene = new Scene();
  await scene.file.settle();
  scene.file.append(bytesOf("one\n"));
  await scene.file.settle();
  await scene.file.settle();
  assertEquals(scene.disk.syncs, 1);
  const other = scene.open(false);
  other.append(bytesOf("two\n"));
  await other.settle();
  other.close();
  assertEquals(scene.disk.syncs, 1);
});

Deno.test("a file that somebody renames or deletes is let go of, and not renamed again", () => {
  using scene = new Scene();
  for (const leave of [() => Deno.renameSync(scene.path, `${scene.path}.old`), () => Deno.removeSync(scene.path)]) {
    scene.file.append(bytesOf("one\n"));
    leave();
    assertEquals(scene.file.append(bytesOf("two\n")), 0);
    scene.file.roll();
    assertEquals(scene.file.append(bytesOf("two\n")), 4);
  }
  assertEquals(scene.disk.contents(), { "a.log": "two\n", "a.log.old": "one\n" });
});

Deno.test("two writers of one file keep its lines whole, and roll it once", () => {
  using scene = new Scene();
  const other = scene.open();
  for (let number = 0; number < 30; number++) {
    for (const file of [scene.file, other]) {
      while (file.append(bytesOf("123456789\n")) === 0) file.roll();
    }
  }
  other.close();
  const sizes = Object.entries(scene.disk.contents()).map(([name, { length }]) => [name, length]);
  assertEquals(sizes, [["a.1.log", 100], ["a.2.log", 100], ["a.3.log", 100], ["a.log", 100]]);
});

Deno.test("what is no regular file is not written to", () => {
  using scene = new Scene();
  Deno.mkdirSync(scene.path);
  assertThrows(() => scene.file.append(bytesOf("one\n")), Error, "is not a regular file");
});
