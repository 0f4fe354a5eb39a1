import { assertEquals } from "@std/assert";
import { compressAsKubelet, rotateAsLogrotate } from "../../tests/support/rotated_logs.ts";
import { SourcesScene } from "../../tests/support/sources_scene.ts";

const INPUT = "- {Type: input_file, EnableContainerDiscovery: true, FilePaths: [/log/*.log]}";
const MOUNTS = [{ source: "/volume", destination: "/log" }];
const PATH = "/volume/app.log";

Deno.test("what a container's log was rotated to and compressed while no agent ran is read once, and in order", async () => {
  using scene = new SourcesScene({ p: INPUT });
  scene.write(PATH, "a\nb\n");
  scene.sources.upsert(scene.container({ id: "c1", mounts: MOUNTS }));
  assertEquals(await scene.settle(), { p: ["a", "b"] });
  scene.append(PATH, "c\n");
  for (const line of ["d", "e", "f"]) {
    rotateAsLogrotate(scene.node.path + PATH);
    scene.append(PATH, `${line}\n`);
  }
  await scene.restart();
  scene.sources.upsert(scene.container({ id: "c1", mounts: MOUNTS }));
  assertEquals(await scene.settle(), { p: ["c", "d", "e", "f"] });
  await scene.restart();
  scene.sources.upsert(scene.container({ id: "c1", mounts: MOUNTS }));
  assertEquals(await scene.settle(), {});
});

Deno.test("a container cannot have a compressed file of the node read by a link that looks like one of its own", async () => {
  using scene = new SourcesScene({ p: INPUT });
  scene.write(PATH, "a\n");
  scene.sources.upsert(scene.container({ id: "c1", mounts: MOUNTS }));
  assertEquals(await scene.settle(), { p: ["a"] });
  scene.write("/secret", "the node's\n");
  const secret = compressAsKubelet(`${scene.node.path}/secret`);
  scene.node.link("/volume/app.log.20261123-120000.gz", secret);
  scene.remove(PATH);
  scene.append(PATH, "b\n");
  await scene.restart();
  scene.sources.upsert(scene.container({ id: "c1", mounts: MOUNTS }));
  assertEquals(await scene.settle(), { p: ["b"] });
});
