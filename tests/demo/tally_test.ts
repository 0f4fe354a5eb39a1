import { assert, assertEquals } from "@std/assert";
import { Tally } from "./tally.ts";

function record(stream: string, content: string): string {
  return JSON.stringify({
    Time: 1,
    Contents: [{ Key: "content", Value: content }, { Key: "_source_", Value: stream }],
  });
}

Deno.test("a tally is complete when every written line arrived once", () => {
  const tally = new Tally();
  tally.wrote("stdout", "a");
  tally.wrote("stderr", "a");
  tally.arrived(record("stderr", "a"));
  assert(!tally.complete);
  assertEquals(tally.missingLines(5), ["stdout a"]);
  tally.arrived(record("stdout", "a"));
  assert(tally.complete);
  assertEquals(tally.result(), { written: 2, arrived: 2, missing: 0, repeated: 0, unknown: 0 });
});

Deno.test("a tally tells repeated lines from unknown ones", () => {
  const tally = new Tally();
  tally.wrote("stdout", "a");
  ["a", "a", "b"].forEach((content) => tally.arrived(record("stdout", content)));
  tally.arrived("no JSON");
  assertEquals(tally.result(), { written: 1, arrived: 4, missing: 0, repeated: 1, unknown: 2 });
});
