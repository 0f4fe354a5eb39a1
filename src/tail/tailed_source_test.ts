import { assertEquals } from "@std/assert";
import { TailedScene } from "../../tests/support/tailed_scene.ts";

Deno.test("reads from the first byte, and on as the file grows", () => {
  using scene = new TailedScene();
  scene.append("a\n");
  const tailed = scene.open();
  assertEquals(scene.drain(tailed), "a\n");
  scene.append("b\n");
  assertEquals(scene.drain(tailed), "b\n");
});

Deno.test("waits for a file that is not there yet and reads it from its first byte", () => {
  using scene = new TailedScene();
  const tailed = scene.open();
  assertEquals(scene.drain(tailed), "");
  scene.append("a\n");
  assertEquals(scene.drain(tailed), "a\n");
});

Deno.test("begins at the line after StartLogMaxOffset bytes before the end", () => {
  using scene = new TailedScene();
  scene.append("first\nsecond\nthird\n");
  assertEquals(scene.drain(scene.open(undefined, 8)), "third\n");
  assertEquals(scene.drain(scene.open(undefined, 6)), "third\n");
  assertEquals(scene.drain(scene.open(undefined, 1000)), "first\nsecond\nthird\n");
});

Deno.test("begins with the oldest rotated file where the log is known to be new", () => {
  using scene = new TailedScene();
  for (const [index, suffix] of ["20261123-120001", "20261123-120002"].entries()) {
    scene.append(`${index}\n`);
    Deno.utimeSync(scene.path, index, index);
    scene.rotate(suffix);
  }
  scene.append("2\n");
  assertEquals(scene.drain(scene.open(undefined, "first")), "2\n");
  assertEquals(scene.drain(scene.open(undefined, "oldest")), "0\n1\n2\n");
  Deno.removeSync(scene.path);
  assertEquals(scene.drain(scene.open(undefined, "oldest")), "0\n1\n");
});

Deno.test("reads a renamed file to its end before the new one", () => {
  using scene = new TailedScene();
  scene.append("a\n");
  const tailed = scene.open();
  assertEquals(scene.drain(tailed), "a\n");
  scene.append("b\n");
  scene.rotate("20261123-120000");
  scene.append("c\n");
  assertEquals(scene.drain(tailed), "b\nc\n");
});

Deno.test("reads what is written to a renamed file before its writer lets go", () => {
  using scene = new TailedScene();
  scene.append("a\n");
  const tailed = scene.open();
  scene.drain(tailed);
  scene.rotate("20261123-120000");
  scene.append("c\n");
  scene.read(tailed, new Uint8Array(10));
  scene.append("late\n", `${scene.path}.20261123-120000`);
  assertEquals(scene.drain(tailed), "late\nc\n");
});

Deno.test("catches up through several rotations between two looks", () => {
  using scene = new TailedScene();
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
  using scene = new TailedScene();
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
  using scene = new TailedScene();
  scene.append("a\nb\n");
  const before = scene.open();
  scene.read(before, new Uint8Array(10));
  const position = before.positionAt(2);
  const elsewhere = `${scene.directory}/elsewhere`;
  Deno.mkdirSync(elsewhere);
  Deno.renameSync(scene.path, `${elsewhere}/0.log`);
  const tailed = scene.open(position);
  assertEquals(scene.drain(tailed), "");
  Deno.renameSync(`${elsewhere}/0.log`, scene.path);
  assertEquals(scene.drain(tailed), "b\n");
});

Deno.test("resumes at a position, in a file that was rotated meanwhile too", () => {
  using scene = new TailedScene();
  scene.append("a\nb\n");
  const before = scene.open();
  scene.read(before, new Uint8Array(10));
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
  using scene = new TailedScene();
  scene.append("old content\n");
  const before = scene.open();
  scene.read(before, new Uint8Array(100));
  const position = before.positionAt(12);
  Deno.writeTextFileSync(scene.path, "new content, longer\n");
  assertEquals(scene.drain(scene.open(position)), "new content, longer\n");
  assertEquals(scene.log.lines.length, 1);
});

Deno.test("a truncated file is read from its first byte", () => {
  using scene = new TailedScene();
  scene.append("a long first line\n");
  const tailed = scene.open();
  scene.drain(tailed);
  Deno.writeTextFileSync(scene.path, "new\n");
  assertEquals(scene.drain(tailed), "new\n");
});

Deno.test("an incomplete line is waited for, and handed out when its file was replaced", () => {
  using scene = new TailedScene();
  scene.append("a\nincompl");
  const tailed = scene.open();
  const into = new Uint8Array(100);
  assertEquals(scene.read(tailed, into), { kind: "bytes", size: 9, isLast: false });
  tailed.advance(2);
  assertEquals(scene.read(tailed, into), { kind: "bytes", size: 7, isLast: false });
  tailed.wait(7);
  assertEquals(scene.read(tailed, into), { kind: "quiet" });
  scene.append("ete");
  assertEquals(scene.read(tailed, into), { kind: "bytes", size: 10, isLast: false });
  tailed.wait(10);
  scene.rotate("20261123-120000");
  scene.append("next\n");
  scene.env.pass(1100);
  scene.read(tailed, into);
  scene.env.pass(1100);
  assertEquals(scene.read(tailed, into), { kind: "bytes", size: 10, isLast: true });
  assertEquals(tailed.readRest(into), 10);
  tailed.advance(12);
  assertEquals(scene.drain(tailed), "next\n");
});

Deno.test("ends after finish() when everything is read, deleted or not", () => {
  using scene = new TailedScene();
  scene.append("a\n");
  const tailed = scene.open();
  scene.read(tailed, new Uint8Array(1));
  Deno.removeSync(scene.path);
  tailed.finish();
  assertEquals(scene.drain(tailed), "a\n<ended>");
  scene.append("b\n");
  const other = scene.open();
  other.finish();
  assertEquals(scene.drain(other), "b\n<ended>");
});

Deno.test("a directory in place of the file is not opened", () => {
  using scene = new TailedScene();
  Deno.mkdirSync(scene.path);
  assertEquals(scene.drain(scene.open()), "");
});

Deno.test("says which file is begun and which one was left, where", () => {
  using scene = new TailedScene();
  scene.append("a\n");
  const tailed = scene.open();
  const kinds: string[] = [];
  const inodes: unknown[] = [];
  const look = () => {
    const result = tailed.read(new Uint8Array(100));
    kinds.push(result.kind);
    if (result.kind === "bytes") tailed.advance(tailed.offset + result.size);
    if (result.kind === "opened") inodes.push(result.identity.inode);
    if (result.kind === "left") {
      inodes.push(result.position.identity.inode, result.position.offset, result.next.inode);
    }
    scene.env.pass(1100);
  };
  const old = Deno.statSync(scene.path).ino;
  look();
  look();
  scene.rotate("1");
  scene.append("b\n");
  for (let looks = 0; looks < 5; looks++) look();
  assertEquals(kinds, ["opened", "bytes", "quiet", "left", "opened", "bytes", "quiet"]);
  const now = Deno.statSync(scene.path).ino;
  assertEquals(inodes, [old, old, 2, now, now]);
});

Deno.test("reads through the file system that the source brings", () => {
  using scene = new TailedScene();
  scene.append("inside\n");
  const real = scene.env.files;
  const inside = (path: string) => path.replace("/container", scene.directory);
  const files = {
    tryOpen: (path: string) => real.tryOpen(inside(path)),
    tryStat: (path: string) => real.tryStat(inside(path)),
    list: (path: string) => real.list(inside(path)),
  };
  const tailed = scene.open(undefined, "first", { files, path: "/container/0.log" });
  assertEquals(scene.drain(tailed), "inside\n");
  scene.append("last\n");
  scene.rotate("1");
  scene.append("next\n");
  assertEquals(scene.drain(tailed), "last\nnext\n");
});

Deno.test("silence is told once, after the time that was asked for, and again only after news", () => {
  using scene = new TailedScene();
  scene.append("a\nincompl");
  const tailed = scene.open(undefined, "first", { idleFlush: { afterMs: 3000, incompleteLines: true } });
  const into = new Uint8Array(100);
  assertEquals(scene.read(tailed, into).kind, "bytes");
  tailed.advance(2);
  scene.read(tailed, into);
  tailed.wait(7);
  const looks = () =>
    Array.from({ length: 10 }, () => {
      scene.env.pass(1000);
      return scene.read(tailed, into).kind;
    });
  const once = ["quiet", "quiet", "idle", ...Array(7).fill("quiet")];
  assertEquals(looks(), once);
  assertEquals([tailed.offset, tailed.incompleteSize], [2, 7]);
  scene.append("ete");
  assertEquals(scene.read(tailed, into), { kind: "bytes", size: 10, isLast: false });
  tailed.wait(10);
  assertEquals(looks(), once);
});

Deno.test("a newline that comes after its line was handed out is no empty line, after a restart neither", () => {
  using scene = new TailedScene();
  scene.append("handed out");
  const tailed = scene.open();
  scene.read(tailed, new Uint8Array(100));
  tailed.advance(10, true);
  const position = tailed.positionAt(10);
  scene.append("\nnext\n");
  assertEquals(scene.drain(tailed), "next\n");
  assertEquals(scene.drain(scene.open(position)), "next\n");
});

Deno.test("a file that was cut while nobody looked and has grown beyond what was read is read from its first byte", () => {
  using scene = new TailedScene();
  scene.append("a\n");
  const tailed = scene.open();
  assertEquals(scene.drain(tailed), "a\n");
  Deno.writeTextFileSync(scene.path, "another beginning\n");
  assertEquals(scene.drain(tailed), "another beginning\n");
});

Deno.test("a file whose directory was removed while reading was behind is read to its end", () => {
  using scene = new TailedScene();
  const directory = `${scene.directory}/pod`;
  const path = `${directory}/0.log`;
  Deno.mkdirSync(directory);
  const text = "line\n".repeat(1000);
  scene.append(text, path);
  const tailed = scene.open(undefined, "first", { path });
  scene.read(tailed, new Uint8Array(10));
  tailed.advance(5);
  Deno.removeSync(directory, { recursive: true });
  assertEquals(scene.drain(tailed), text.slice(5));
  tailed.finish();
  assertEquals(scene.drain(tailed), "<ended>");
});
