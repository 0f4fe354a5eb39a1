import { assertEquals } from "@std/assert";
import { TailedScene } from "../../tests/support/tailed_scene.ts";
import { HeldFiles } from "./held_files.ts";
import { Tailer } from "./tailer.ts";
import { UnreadSources } from "./unread_sources.ts";

Deno.test("a source that was read to its end is looked at only while delivery hangs: thousands of quiet logs cost nothing", () => {
  using scene = new TailedScene();
  scene.append("a\n");
  const tailed = scene.open();
  scene.drain(tailed);
  const tailer = new Tailer(scene.env);
  tailer.add(tailed);
  let isBlocked = false;
  const held = new HeldFiles();
  const unread = new UnreadSources(tailer, held, () => isBlocked);
  scene.rotate("20261123-000001");
  scene.append("b\n");
  unread.hold();
  assertEquals([unread.waiting(), unread.deletedFiles()], [[], []]);
  isBlocked = true;
  unread.hold();
  const { dev, ino } = Deno.statSync(scene.path);
  assertEquals(unread.waiting(), [{ path: scene.path, files: 1, bytes: 2 }]);
  assertEquals(held.has({ device: dev, inode: ino! }), true);
  Deno.removeSync(`${scene.path}.20261123-000001`);
  assertEquals(unread.deletedFiles().map(({ path, unreadBytes }) => [path, unreadBytes]), [[scene.path, 0]]);
});

Deno.test("a file that is let go of is no longer in hand", () => {
  using scene = new TailedScene();
  scene.append("a\n");
  const tailed = scene.open();
  scene.read(tailed);
  const tailer = new Tailer(scene.env);
  tailer.add(tailed);
  const held = new HeldFiles();
  const unread = new UnreadSources(tailer, held, () => true);
  scene.rotate("20261123-000001");
  scene.append("b\n");
  unread.hold();
  const { dev, ino } = Deno.statSync(scene.path);
  Deno.removeSync(scene.path);
  const [waiting] = unread.deletedFiles();
  assertEquals([waiting.unreadBytes, held.has({ device: dev, inode: ino! })], [2, true]);
  assertEquals(waiting.letGo(), 2);
  assertEquals([unread.deletedFiles(), held.has({ device: dev, inode: ino! })], [[], false]);
});
