import { assertEquals } from "@std/assert";
import { isCompressedName, isRotatedName, isTimedName, tryRotationBase, tryUncompressedName } from "./rotated_name.ts";

const NAMES = [
  ["0.log.20261123-120000", "0.log", true],
  ["abc-json.log.1", "abc-json.log", true],
  ["0.log.20261123-120000.gz", "0.log", false],
  ["0.log.20261123-120000.tmp", "0.log", false],
  ["0.log", "0.log", false],
  ["10.log.1", "0.log", false],
  ["0.log.", "0.log", false],
  ["0.log.1.2", "0.log", false],
  ["0.log.1.2", "0.log.1", true],
] as const;

for (const [name, base, expected] of NAMES) {
  Deno.test(`isRotatedName() says ${expected} for ${name} beside ${base}`, () => {
    assertEquals(isRotatedName(name, base), expected);
  });
}

const BASES = [
  ["app.log.1", "app.log"],
  ["app.log.20261123-120000", "app.log"],
  ["app.1.log", undefined],
  ["app.log", undefined],
  ["app.log.1.gz", undefined],
  [".1", undefined],
] as const;

for (const [name, base] of BASES) {
  Deno.test(`tryRotationBase() gives ${base} for ${name}`, () => assertEquals(tryRotationBase(name), base));
}

Deno.test("isCompressedName() knows what logs are compressed with", () => {
  const names = ["a.gz", "a.log.1.zip", "a.bz2", "a.xz", "a.zst", "a.log", "gz", "a.gz.log"];
  assertEquals(names.map(isCompressedName), [true, true, true, true, true, false, false, false]);
});

const COMPRESSED = [
  ["0.log.20261123-120000.gz", "0.log", "0.log.20261123-120000"],
  ["app.log.2.gz", "app.log", "app.log.2"],
  ["app.log.2", "app.log", undefined],
  ["app.log.gz", "app.log", undefined],
  ["app.log.2.gz.tmp", "app.log", undefined],
  ["app.log.2.bz2", "app.log", undefined],
  ["other.log.2.gz", "app.log", undefined],
  [".gz", "app.log", undefined],
] as const;

for (const [name, base, expected] of COMPRESSED) {
  Deno.test(`tryUncompressedName() gives ${expected} for ${name} beside ${base}`, () => {
    assertEquals(tryUncompressedName(name, base), expected);
  });
}

Deno.test("isTimedName() knows the names that hold a time from those that hold a number", () => {
  const names = [
    "0.log.20261123-120000.gz",
    "0.log.20261123-120000",
    "0.log.1763899200.gz",
    "0.log.1.gz",
    "0.log.12-3",
  ];
  assertEquals(names.map(isTimedName), [true, true, true, false, false]);
});
