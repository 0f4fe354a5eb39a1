import { assertEquals } from "@std/assert";
import { LeftFiles } from "./left_files.ts";

const identity = (inode: number, device = 1) => ({ device, inode, headBytes: 0, headHash: 0 });

function left(inode: number, offset: number, containerId = "c") {
  return { key: "k", containerId, identity: identity(inode), offset };
}

Deno.test("a file that was left is known by its device and inode, and where its end was last", () => {
  const files = new LeftFiles();
  files.add(left(7, 10));
  files.add(left(7, 30));
  assertEquals(files.tryPosition({ device: 1, inode: 7 }), { identity: identity(7), offset: 30 });
  assertEquals(files.tryPosition({ device: 2, inode: 7 }), undefined);
  assertEquals(files.tryPosition({ device: 1, inode: 8 }), undefined);
});

Deno.test("only the files that were left last are remembered", () => {
  const files = new LeftFiles();
  for (let inode = 1; inode <= 10_000; inode++) files.add(left(inode, inode));
  files.add(left(1, 5));
  for (let inode = 10_001; inode <= 10_100; inode++) files.add(left(inode, inode));
  const offsetOf = (inode: number) => files.tryPosition({ device: 1, inode })?.offset;
  assertEquals([1, 2, 101, 102, 10_100].map(offsetOf), [5, undefined, undefined, 102, 10_100]);
});

Deno.test("containers whose files were left are told once", () => {
  const files = new LeftFiles();
  assertEquals(files.takeNews(), []);
  for (const id of ["a", "b", "a", ""]) files.add(left(1, 1, id));
  assertEquals(files.takeNews(), ["a", "b", ""]);
  assertEquals(files.takeNews(), []);
});
