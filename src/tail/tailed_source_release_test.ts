import { assertEquals } from "@std/assert";
import { openFilesBelow } from "../../tests/support/open_files.ts";
import { TailedScene } from "../../tests/support/tailed_scene.ts";

Deno.test("a source that is let go of closes its file, says what is unread, and gives nothing more", () => {
  using scene = new TailedScene();
  scene.append("read\nnot read\n");
  const tailed = scene.open();
  scene.read(tailed);
  tailed.advance(5);
  scene.rotate("1");
  scene.append("later\n");
  tailed.release();
  tailed.release();
  assertEquals(scene.log.lines.length, 1);
  assertEquals(scene.log.lines[0].startsWith(`warn: ${scene.path} was closed with 15 bytes unread`), true);
  assertEquals(scene.drain(tailed), "<released>");
  assertEquals(openFilesBelow(scene.directory), []);
});

Deno.test("letting go of what was read to its end needs no word", () => {
  using scene = new TailedScene();
  scene.append("read\n");
  const tailed = scene.open();
  scene.drain(tailed);
  tailed.release();
  assertEquals(scene.log.lines, []);
});

Deno.test("a source that was let go of and has a future again goes on where it was, in the file's next name too", () => {
  using scene = new TailedScene();
  scene.append("read\nnot read\n");
  const tailed = scene.open();
  scene.read(tailed);
  tailed.advance(5);
  tailed.finish();
  tailed.release();
  scene.rotate("1");
  scene.append("later\n");
  tailed.revive();
  assertEquals(scene.drain(tailed), "not read\nlater\n");
});

Deno.test("a source whose file is not there yet can be let go of", () => {
  using scene = new TailedScene();
  const tailed = scene.open();
  tailed.release();
  assertEquals([scene.drain(tailed), scene.log.lines], ["<released>", []]);
});
