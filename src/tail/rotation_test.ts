import { assertEquals } from "@std/assert";
import type { FileStat } from "../core/env.ts";
import { fileNews, filesToCatchUp } from "./rotation.ts";

const stat = (part: Partial<FileStat>): FileStat => ({
  device: 1,
  inode: 10,
  size: 100,
  modifiedMs: 0,
  kind: "file",
  ...part,
});

const NEWS = [
  { name: "grown", atPath: stat({ size: 200 }), news: "same" },
  { name: "unchanged", atPath: stat({}), news: "same" },
  { name: "another inode", atPath: stat({ inode: 11 }), news: "replaced" },
  { name: "the same inode of another device", atPath: stat({ device: 2 }), news: "replaced" },
  { name: "shorter than what was read", atPath: stat({ size: 99 }), news: "truncated" },
  { name: "nothing", atPath: undefined, news: "gone" },
] as const;

for (const { name, atPath, news } of NEWS) {
  Deno.test(`fileNews() says ${news} for ${name}`, () => {
    assertEquals(fileNews({ device: 1, inode: 10, offset: 100 }, atPath), news);
  });
}

Deno.test("filesToCatchUp() gives the file where reading stopped and all after it, oldest first", () => {
  const file = (inode: number, modifiedMs: number) => ({ path: `/l.${inode}`, device: 1, inode, modifiedMs, size: 1 });
  const identity = { device: 1, inode: 3 };
  const rotated = [file(5, 50), file(2, 20), file(3, 30), file(4, 40)];
  const inodes = (from: { device: number; inode: number }) => {
    const { stopped, later } = filesToCatchUp(from, rotated);
    return [stopped?.inode, later.map(({ inode }) => inode)];
  };
  assertEquals(inodes(identity), [3, [4, 5]]);
  // Compressed or deleted: what is still there is newer.
  assertEquals(inodes({ ...identity, inode: 9 }), [undefined, [2, 3, 4, 5]]);
});
