import { assert, assertEquals, assertLess } from "@std/assert";
import { makeContainer } from "../tests/support/node_directory.ts";
import type { Container } from "./core/container.ts";
import type { ReadableFiles } from "./core/env.ts";
import type { Source } from "./core/source.ts";
import { shardOf } from "./source_shard.ts";

const MANY = 1_000_003;
// Only that there are some matters here.
const files = {} as ReadableFiles;

function sourceOf(key: string, container?: Container, isInside = false): Source {
  return { key, path: "", tags: [], start: "first", container, files: isInside ? files : undefined };
}

const shard = (source: Source) => shardOf(source, MANY, "/host");
const output = (path: string) => shard(sourceOf(`stdout:${path}`, makeContainer([], [])));

Deno.test("with one thread everything is its own", () => {
  assertEquals(shardOf(sourceOf("local:/a/b.log"), 1, "/"), 0);
});

Deno.test("a log and what it is rotated to are in one directory, and so in one thread", () => {
  const log = output("/var/log/pods/default_web_1/web/0.log");
  assertEquals(output("/var/log/pods/default_web_1/web/1.log"), log);
  assert(output("/var/log/pods/default_web_2/web/0.log") !== log);
});

Deno.test("a container's own files stay together wherever they are moved to", () => {
  const container = { ...makeContainer([], ["/run/c1/rootfs"]), id: "c1" };
  const inside = (path: string, owner = container) => shard(sourceOf(`file:${path}`, owner, true));
  assertEquals(inside("/run/c1/rootfs/log/a.log"), inside("/run/c1/rootfs/done/a.log"));
  assert(inside("/run/c1/rootfs/log/a.log") !== inside("/run/c2/rootfs/log/a.log", { ...container, id: "c2" }));
});

Deno.test("a file that two containers share is in one thread, whoever finds it", () => {
  const volumes = ["/var/lib/kubelet/pods/u-1/volumes/kubernetes.io~empty-dir/logs", "/var/lib/docker/volumes/v/_data"];
  for (const volume of [...volumes, "/data/logs"]) {
    const mounts = [{ source: volume, destination: "/logs" }];
    const [one, two] = ["c1", "c2"].map((id) => ({ ...makeContainer(mounts, []), id }));
    const found = [one, two].map((owner) => shard(sourceOf(`file:${volume}/a.log`, owner, true)));
    assertEquals(found[0], found[1], volume);
    const moved = shard(sourceOf(`file:${volume}/done/a.log`, one, true));
    assertEquals(
      moved === found[0],
      volume !== "/data/logs",
      "a volume of a pod is one place, a directory of the node is not",
    );
  }
});

Deno.test("a file of the node is in one thread, whether it is found there or through a container", () => {
  const container = makeContainer([{ source: "/data/logs", destination: "/logs" }], []);
  const inside = shard(sourceOf("file:/data/logs/a.log", container, true));
  assertEquals(shard(sourceOf("local:/host/data/logs/a.log")), inside);
  assertEquals(shardOf(sourceOf("local:/data/logs/a.log"), MANY, "/"), inside);
});

Deno.test("sources spread evenly", () => {
  for (const threads of [2, 3, 8]) {
    const counts = Array<number>(threads).fill(0);
    for (let pod = 0; pod < 8000; pod++) {
      counts[shardOf(sourceOf(`stdout:/var/log/pods/default_web-${pod}_uid/web/0.log`), threads, "/")]++;
    }
    for (const count of counts) assertLess(Math.abs(count / 8000 - 1 / threads), 0.03);
  }
});
