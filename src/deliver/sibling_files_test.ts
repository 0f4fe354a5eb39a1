import { assertEquals, assertThrows } from "@std/assert";
import { systemError, UnreliableDisk } from "../../tests/support/unreliable_disk.ts";
import { CountedSiblings, ShiftedSiblings, type SiblingOrder } from "./sibling_files.ts";

/** "ab\ncd\n" takes 3 bytes a line. */
const LINES = new TextEncoder().encode("ab\ncd\nef\n");

Deno.test("ShiftedSiblings: no file is larger than its limit, unless a single line is", () => {
  const cases: [fileBytesMax: number, fileBytes: number, room: number][] = [
    [9, 0, 9],
    [8, 0, 6],
    [6, 0, 6],
    [5, 0, 3],
    [3, 0, 3],
    [2, 0, 3],
    [2, 1, 0],
    [9, 1, 6],
    [9, 6, 3],
    [9, 7, 0],
    [9, 9, 0],
    [9, 20, 0],
  ];
  for (const [fileBytesMax, fileBytes, room] of cases) {
    const given = `${fileBytes} of ${fileBytesMax}`;
    assertEquals(new ShiftedSiblings(fileBytesMax, 1).room(LINES, fileBytes), room, given);
  }
});

Deno.test("CountedSiblings: a file takes the line that makes it full", () => {
  const cases: [fileBytesMax: number, fileBytes: number, room: number][] = [
    [20, 0, 9],
    [9, 0, 9],
    [7, 0, 9],
    [6, 0, 6],
    [4, 0, 6],
    [3, 0, 3],
    [1, 0, 3],
    [9, 8, 3],
    [9, 9, 0],
    [9, 20, 0],
  ];
  for (const [fileBytesMax, fileBytes, room] of cases) {
    const given = `${fileBytes} of ${fileBytesMax}`;
    assertEquals(new CountedSiblings(fileBytesMax, 1).room(LINES, fileBytes), room, given);
  }
});

/** Rolls `name` once, in a directory with these files, each of which contains its own name. */
function rolled(order: SiblingOrder, names: readonly string[], name = names[0]): Record<string, string> {
  using disk = new UnreliableDisk();
  for (const one of names) Deno.writeTextFileSync(`${disk.directory}/${one}`, one);
  order.roll(disk.files, `${disk.directory}/${name}`);
  return disk.contents();
}

Deno.test("ShiftedSiblings: numbers stand before the extension, and the oldest is overwritten", () => {
  const order = new ShiftedSiblings(1, 2);
  assertEquals(rolled(order, ["a.log"]), { "a.1.log": "a.log" });
  assertEquals(rolled(order, ["a.log", "a.1.log"]), { "a.1.log": "a.log", "a.2.log": "a.1.log" });
  assertEquals(rolled(order, ["a.log", "a.1.log", "a.2.log"]), { "a.1.log": "a.log", "a.2.log": "a.1.log" });
  assertEquals(rolled(order, ["a.log", "a.2.log"]), { "a.1.log": "a.log", "a.2.log": "a.2.log" });
  for (
    const [name, sibling] of [["a", "a.1"], [".a", ".a.1"], ["a.", "a..1"], ["a.b.c", "a.b.1.c"], [".a.b", ".a.1.b"]]
  ) {
    assertEquals(rolled(order, [name]), { [sibling]: name });
  }
});

Deno.test("ShiftedSiblings: without siblings, what is full is deleted", () => {
  assertEquals(rolled(new ShiftedSiblings(1, 0), ["a.log", "a.1.log"]), { "a.1.log": "a.1.log" });
});

Deno.test("ShiftedSiblings: a renaming that fails in the middle goes on where it stopped", () => {
  using disk = new UnreliableDisk();
  for (const name of ["a", "a.1", "a.2", "a.3"]) Deno.writeTextFileSync(`${disk.directory}/${name}`, name);
  const order = new ShiftedSiblings(1, 5);
  for (let failing = 2; failing <= 3; failing++) {
    let renamings = 0;
    disk.beforeEach = () => {
      if (++renamings === 2) throw systemError("EIO");
    };
    assertThrows(() => order.roll(disk.files, `${disk.directory}/a`), Error, "EIO");
  }
  disk.beforeEach = () => {};
  order.roll(disk.files, `${disk.directory}/a`);
  assertEquals(disk.contents(), { "a.1": "a", "a.2": "a.1", "a.3": "a.2", "a.4": "a.3" });
});

Deno.test("CountedSiblings: the highest number is the newest, and the lowest are deleted", () => {
  const order = new CountedSiblings(1, 2);
  assertEquals(rolled(order, ["a.log"]), { "a.log.1": "a.log" });
  assertEquals(rolled(order, ["a.log", "a.log.1"]), { "a.log.1": "a.log.1", "a.log.2": "a.log" });
  assertEquals(rolled(order, ["a.log", "a.log.9", "a.log.10", "a.log.8"]), {
    "a.log.10": "a.log.10",
    "a.log.11": "a.log",
  });
  const others = ["a.log.x", "a.log.1x", "a.log.01", "a.log.", "b.log.7", "a.logs.3"];
  const kept = Object.fromEntries(others.map((name) => [name, name]));
  assertEquals(rolled(new CountedSiblings(1, 1), ["a.log", ...others]), { ...kept, "a.log.1": "a.log" });
});
