import { assertEquals } from "@std/assert";
import type { FileStat } from "../core/env.ts";
import { fileNews, filesToCatchUp, inOrder } from "./rotation.ts";

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
  const common = { device: 1, size: 1, isCompressed: false };
  const file = (inode: number, modifiedMs: number) => ({ ...common, path: `/l.${inode}`, inode, modifiedMs });
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

const ORDERS: readonly (readonly [string, readonly (readonly [name: string, modifiedMs: number])[]])[] = [
  ["plain ones by their last change, whatever their names", [["0.log.7", 1], ["0.log.9", 2], ["0.log.8", 3]]],
  ["compressed ones before plain ones, whenever they were compressed", [
    ["0.log.20261123-120000.gz", 90],
    ["0.log.20261123-130000", 80],
  ]],
  ["compressed ones by when they were compressed", [["0.log.3.gz", 1], ["0.log.2.gz", 2], ["0.log.1", 3]]],
  ["at the same moment: times go up", [["0.log.20261123-120000.gz", 1], ["0.log.20261123-120001.gz", 1]]],
  ["at the same moment: small numbers go down", [["0.log.10.gz", 1], ["0.log.9.gz", 1], ["0.log.2", 1], [
    "0.log.1",
    1,
  ]]],
];

for (const [name, files] of ORDERS) {
  Deno.test(`inOrder() puts ${name}`, () => {
    const rotated = files.map(([path, modifiedMs], inode) => {
      return { path, modifiedMs, inode, device: 1, size: 1, isCompressed: path.endsWith(".gz") };
    });
    for (const given of [rotated, rotated.toReversed()]) assertEquals(inOrder(given), rotated);
  });
}
