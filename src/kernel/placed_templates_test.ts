/** @module */
import { assert, assertEquals } from "@std/assert";
import { PlacedTemplates } from "./placed_templates.ts";
import { Template } from "./template.ts";

const START = 64;
const COLUMNS = { columns: 0, rowsRoom: 1 };

function constant(byte: number, size: number): Template {
  return new Template([{ kind: "constant", bytes: new Uint8Array(size).fill(byte) }]);
}

Deno.test("templates that are needed in turn stay where they are, side by side", () => {
  const memory = new Uint8Array(1024);
  const placed = new PlacedTemplates(memory, START, 512, COLUMNS);
  const [one, other] = [constant(1, 10), constant(2, 20)];
  const at = placed.place(one);
  assertEquals(at, START);
  const next = placed.place(other);
  assert(next >= START + one.bytes && next % 4 === 0);
  assertEquals([placed.place(one), placed.place(other)], [at, next]);
  assertEquals(memory.subarray(next + other.bytes - 20, next + other.bytes), new Uint8Array(20).fill(2));
  assertEquals(memory.subarray(at + one.bytes - 10, at + one.bytes), new Uint8Array(10).fill(1));
});

Deno.test("where there is no room left, they begin anew, and never reach beyond their room", () => {
  const memory = new Uint8Array(1024);
  const placed = new PlacedTemplates(memory, START, 256, COLUMNS);
  const templates = Array.from({ length: 20 }, (_, index) => constant(index + 1, 60 + index));
  for (const template of [...templates, ...templates]) {
    const at = placed.place(template);
    assert(at >= START && at + template.bytes <= START + 256);
    const [piece] = template.pieces;
    assert(piece.kind === "constant");
    const end = at + template.bytes;
    assertEquals(memory.subarray(end - piece.bytes.length, end), piece.bytes);
  }
  assertEquals(memory.subarray(START + 256), new Uint8Array(1024 - START - 256));
});
