import { assertEquals } from "@std/assert";
import { openFilesBelow } from "../../tests/support/open_files.ts";
import { compressAsKubelet } from "../../tests/support/rotated_logs.ts";
import { TailedScene } from "../../tests/support/tailed_scene.ts";

/** A log of which `a` was read and `b` was not; then `count` further files have been rotated, each with its number. */
function behind(scene: TailedScene, count: number) {
  scene.append("a\nb\n");
  const tailed = scene.open();
  scene.read(tailed);
  tailed.advance(2);
  for (let number = 1; number <= count; number++) {
    const rotated = `20261123-00000${number}`;
    scene.rotate(rotated);
    Deno.utimeSync(`${scene.path}.${rotated}`, number, number);
    scene.append(`${number}\n`);
    tailed.hold();
  }
  return tailed;
}

/** Removes what was rotated. */
function removeRotated(scene: TailedScene): void {
  for (const { name } of Deno.readDirSync(scene.directory)) {
    if (name !== "0.log") Deno.removeSync(`${scene.directory}/${name}`);
  }
}

Deno.test("files that were deleted before their turn are read, in their order", () => {
  using scene = new TailedScene();
  const tailed = behind(scene, 5);
  removeRotated(scene);
  assertEquals(scene.drain(tailed), "b\n1\n2\n3\n4\n5\n");
  assertEquals(openFilesBelow(scene.directory).length, 1);
});

Deno.test("a log that was deleted with its directory is read to its end, with what was rotated", () => {
  using scene = new TailedScene();
  const tailed = behind(scene, 2);
  removeRotated(scene);
  Deno.removeSync(scene.path);
  tailed.finish();
  assertEquals(scene.drain(tailed), "b\n1\n2\n<ended>");
});

Deno.test("a file that was compressed while it waited is read once", () => {
  using scene = new TailedScene();
  const tailed = behind(scene, 3);
  for (const number of [1, 2, 3]) compressAsKubelet(`${scene.path}.20261123-00000${number}`);
  assertEquals(scene.drain(tailed), "b\n1\n2\n3\n");
});

Deno.test("where nothing was rotated, nothing is held", () => {
  using scene = new TailedScene();
  const tailed = behind(scene, 0);
  assertEquals([tailed.hold(), tailed.waiting], [[], { files: 0, bytes: 0 }]);
  assertEquals(openFilesBelow(scene.directory).length, 1);
});

Deno.test("only deleted files can be let go of: the one in hand first; what comes after it is read", () => {
  using scene = new TailedScene();
  const tailed = behind(scene, 3);
  assertEquals(tailed.deletedFiles(), []);
  removeRotated(scene);
  const deleted = tailed.deletedFiles();
  assertEquals(deleted.map(({ unreadBytes }) => unreadBytes), [2, 2, 2]);
  assertEquals(deleted.slice(0, 2).map((file) => tailed.letGo(file)), [2, 2]);
  assertEquals(tailed.deletedFiles().length, 1);
  assertEquals(scene.drain(tailed), "2\n3\n");
});

Deno.test("a file that is let go of is read on in its compressed form where there is one: nothing is lost", () => {
  using scene = new TailedScene();
  const tailed = behind(scene, 3);
  for (const number of [1, 2, 3]) compressAsKubelet(`${scene.path}.20261123-00000${number}`);
  assertEquals(tailed.deletedFiles().map((file) => tailed.letGo(file)), [0, 0, 0]);
  assertEquals(tailed.deletedFiles(), []);
  assertEquals(scene.drain(tailed), "b\n1\n2\n3\n");
});

Deno.test("what is held counts as unread when its source is let go of, and is closed", () => {
  using scene = new TailedScene();
  const tailed = behind(scene, 3);
  removeRotated(scene);
  tailed.release();
  assertEquals(scene.log.lines.at(-1)?.startsWith(`warn: ${scene.path} was closed with 8 bytes unread`), true);
  assertEquals(openFilesBelow(scene.directory), []);
});
