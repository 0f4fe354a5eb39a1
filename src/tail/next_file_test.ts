import { assertEquals } from "@std/assert";
import { TailedScene } from "../../tests/support/tailed_scene.ts";
import { bytesAfter, type NextFile, tryOpenAfter, tryOpenAt, tryOpenCurrent } from "./next_file.ts";

/** What a file holds, and whether it is past; closes it. */
function look(next: NextFile | undefined): readonly [text: string, isPast: boolean, offset?: number] | undefined {
  if (next === undefined) return undefined;
  const { file, isPast, offset } = next;
  const into = new Uint8Array(100);
  const text = new TextDecoder().decode(into.subarray(0, file.readAt(0, into)));
  file.close();
  return offset === undefined ? [text, isPast] : [text, isPast, offset];
}

/** The inode at a path. */
function inodeAt(path: string): { readonly device: number; readonly inode: number } {
  const { dev, ino } = Deno.statSync(path);
  return { device: dev, inode: ino! };
}

Deno.test("after a file comes the oldest that was rotated after it, and the log itself in the end", () => {
  using scene = new TailedScene();
  const files = scene.env.files;
  const inodes = ["a", "b", "c"].map((text, index) => {
    scene.append(text);
    Deno.utimeSync(scene.path, index, index);
    const inode = { ...inodeAt(scene.path), modifiedMs: index * 1000 };
    if (text !== "c") scene.rotate(`20261123-00000${index}`);
    return inode;
  });
  assertEquals(look(tryOpenAfter(inodes[0], scene.path, files)), ["b", true]);
  assertEquals(look(tryOpenAfter(inodes[1], scene.path, files)), ["c", false]);
  assertEquals(look(tryOpenAfter(inodes[2], scene.path, files)), undefined);
  assertEquals(inodes.map((inode) => bytesAfter(inode, scene.path, files)), [2, 1, 0]);
});

Deno.test("nothing comes after a file while nothing is at its path", () => {
  using scene = new TailedScene();
  scene.append("a");
  const inode = inodeAt(scene.path);
  scene.rotate("1");
  assertEquals(look(tryOpenAfter(inode, scene.path, scene.env.files)), undefined);
  assertEquals(look(tryOpenCurrent(scene.path, scene.env.files)), undefined);
  scene.append("b");
  assertEquals(look(tryOpenCurrent(scene.path, scene.env.files)), ["b", false]);
});

Deno.test("the file of a position is found under its old name, a rotated one and any other", () => {
  using scene = new TailedScene();
  scene.append("old");
  const reading = scene.open();
  scene.read(reading);
  const position = reading.positionAt(2)!;
  const find = () => look(tryOpenAt(position, scene.path, scene.env.files));
  assertEquals(find(), ["old", false, 2]);
  scene.rotate("1");
  assertEquals(find(), ["old", true, 2]);
  Deno.renameSync(`${scene.path}.1`, `${scene.directory}/0.1.log`);
  scene.append("new");
  assertEquals(find(), ["old", true, 2]);
  Deno.writeTextFileSync(`${scene.directory}/0.1.log`, "another content");
  assertEquals(find(), undefined);
});

Deno.test("where a log was copied and cut while nobody read it, the rest is read from the copy", () => {
  using scene = new TailedScene();
  scene.append("a\nb\n");
  const before = scene.open();
  scene.read(before);
  const position = before.positionAt(2);
  scene.append("older\n", `${scene.path}.2`);
  Deno.utimeSync(`${scene.path}.2`, 1, 1);
  Deno.copyFileSync(scene.path, `${scene.path}.1`);
  Deno.utimeSync(`${scene.path}.1`, 2, 2);
  Deno.writeTextFileSync(scene.path, "c\n");
  assertEquals(scene.drain(scene.open(position)), "b\nc\n");
});

Deno.test("an offset beyond the end counts only in the file that it belongs to", () => {
  using scene = new TailedScene();
  scene.append("a long old line\n");
  const before = scene.open();
  scene.read(before, new Uint8Array(100));
  const position = before.positionAt(16);
  Deno.renameSync(scene.path, `${scene.path}.gone`);
  scene.append("new\n");
  Deno.removeSync(`${scene.path}.gone`);
  assertEquals(scene.drain(scene.open(position)), "new\n");
});

Deno.test("a file that was renamed to a name of its own is found by its inode", () => {
  using scene = new TailedScene();
  scene.append("a\nb\n");
  const before = scene.open();
  scene.read(before, new Uint8Array(100));
  const position = before.positionAt(2);
  Deno.renameSync(scene.path, `${scene.directory}/0.1.log`);
  scene.append("c\n");
  assertEquals(scene.drain(scene.open(position)), "b\nc\n");
});
