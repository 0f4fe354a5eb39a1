import { assertEquals } from "@std/assert";
import { editDistance, tryNearest } from "./suggest.ts";

Deno.test("the edit distance counts insertions, deletions, replacements and swaps of neighbours", () => {
  const cases: readonly [string, string, number][] = [
    ["", "", 0],
    ["", "abc", 3],
    ["abc", "", 3],
    ["abc", "abc", 0],
    ["abc", "abcd", 1],
    ["abc", "bc", 1],
    ["abc", "axc", 1],
    ["abc", "acb", 1],
    ["label", "lable", 1],
    ["kitten", "sitting", 3],
    ["ca", "abc", 3],
  ];
  for (const [a, b, distance] of cases) {
    assertEquals(editDistance(a, b), distance, `${a} → ${b}`);
    assertEquals(editDistance(b, a), distance, `${b} → ${a}`);
  }
});

Deno.test("the nearest name is suggested, whatever its case, and none when all are far", () => {
  const names = ["Stdout", "Stderr", "IncludeK8sLabel", "ExcludeK8sLabel"];
  assertEquals(tryNearest("IncludeK8sLable", names), "IncludeK8sLabel");
  assertEquals(tryNearest("stdut", names), "Stdout");
  assertEquals(tryNearest("STDERR", names), "Stderr");
  assertEquals(tryNearest("Topic", names), undefined);
  assertEquals(tryNearest("x", []), undefined);
});
