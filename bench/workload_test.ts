/** @module */
import { assertEquals } from "@std/assert";
import { Random } from "../tests/support/random.ts";
import { ACCESS_KEYS, ACCESS_PATTERN, JSON_KEYS, WORKLOADS } from "./workload.ts";

const RECORDS = 200;

function contents(kind: "regex" | "json"): string[] {
  const random = new Random(1);
  return Array.from({ length: RECORDS }, (_, index) => WORKLOADS[kind].content(index, random));
}

Deno.test("regex: the fields are the groups of the walk-through's pattern", () => {
  const pattern = new RegExp(`^${ACCESS_PATTERN}$`);
  for (const content of contents("regex")) {
    const groups = pattern.exec(content)!.slice(1);
    const expected = ACCESS_KEYS.map((key, index) => [key, groups[index]]);
    assertEquals([...WORKLOADS.regex.fields(content)], expected);
  }
});

Deno.test("json: the fields are the object's, and some hold what JSON escapes", () => {
  const texts = contents("json");
  for (const content of texts) assertEquals([...WORKLOADS.json.fields(content).keys()], [...JSON_KEYS]);
  assertEquals(texts.some((text) => text.includes('\\"')), true);
});
