import { assertEquals } from "@std/assert";
import { TailedScene } from "../../tests/support/tailed_scene.ts";

Deno.test("a quiet file that was replaced is noticed as soon as something is seen to have changed in its directory", () => {
  using scene = new TailedScene();
  const watch = { changes: 1 };
  scene.append("old\n");
  const tailed = scene.open(undefined, "first", { watch });
  assertEquals(scene.drain(tailed), "old\n");
  scene.rotate("1");
  scene.append("new\n");
  assertEquals(scene.read(tailed).kind, "quiet", "nobody has told yet");
  watch.changes++;
  assertEquals(scene.drain(tailed), "new\n");
});
