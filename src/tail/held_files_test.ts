import { assertEquals } from "@std/assert";
import { HeldFiles } from "./held_files.ts";

const A = { device: 1, inode: 10 };
const B = { device: 1, inode: 11 };

Deno.test("a source that takes another file lets go of the one before", () => {
  const held = new HeldFiles();
  held.take("s", A);
  assertEquals([held.has(A), held.has(B)], [true, false]);
  held.take("s", B);
  assertEquals([held.has(A), held.has(B)], [false, true]);
});

Deno.test("a source may take the file that it has again", () => {
  const held = new HeldFiles();
  held.take("s", A);
  held.take("s", A);
  held.leave("s")();
  assertEquals(held.has(A), false);
});

Deno.test("a file that was left is held until it is let go of", () => {
  const held = new HeldFiles();
  held.take("s", A);
  const letGo = held.leave("s");
  held.take("s", B);
  assertEquals([held.has(A), held.has(B)], [true, true]);
  letGo();
  assertEquals([held.has(A), held.has(B)], [false, true]);
});

Deno.test("a file that two sources have is held until both have let go of it", () => {
  const held = new HeldFiles();
  held.take("s", A);
  held.take("t", A);
  held.leave("s")();
  assertEquals(held.has(A), true);
  held.leave("t")();
  assertEquals(held.has(A), false);
});

Deno.test("a source without a file has nothing to let go of", () => {
  const held = new HeldFiles();
  held.take("t", A);
  held.leave("s")();
  assertEquals(held.has(A), true);
});

Deno.test("files that wait for their turn are held until they are taken and left, dropped, or their source is done", () => {
  const held = new HeldFiles();
  held.take("s", A);
  held.hold("s", B);
  held.hold("s", B);
  held.hold("other", B);
  held.take("s", B);
  assertEquals([held.has(A), held.has(B)], [false, true]);
  held.leave("s")();
  assertEquals(held.has(B), true);
  held.drop("other");
  held.drop("other", B);
  assertEquals(held.has(B), false);
});
