import { assertEquals } from "@std/assert";
import type { Batch } from "../core/batch.ts";
import type { Tag } from "../core/source.ts";
import { tagLine } from "./tag_line.ts";

function batch(tags: readonly Tag[], rows = 2): Batch {
  const source = { key: "k", path: "/p", start: "first" as const, tags };
  return { source, rows, fields: [], offsetStart: 0, offsetEnd: 0, offsetSafe: 0 };
}

Deno.test("topic, number and tags are told in the original's words", () => {
  assertEquals(tagLine(batch([])), "[LogGroup] topic , logstore , logcount 2, tags []\n");
  const tags: Tag[] = [["__tag__:__path__", "/a.log"], ["__log_topic__", "web"], ["_pod_name_", 'a"b']];
  const expected = '[LogGroup] topic web, logstore , logcount 2, tags [Key:"__path__" Value:"/a.log"  ' +
    'Key:"_pod_name_" Value:"a\\"b" ]\n';
  assertEquals(tagLine(batch(tags)), expected);
});

Deno.test("records that processors have left count", () => {
  const records = [{ seconds: 1, fields: [] }];
  assertEquals(tagLine({ ...batch([], 0), records }), "[LogGroup] topic , logstore , logcount 1, tags []\n");
});

Deno.test("no tag can make a second line", () => {
  const tags: Tag[] = [["a\nb", "c\nd"], ["__log_topic__", "e\nf"]];
  assertEquals(tagLine(batch(tags)).indexOf("\n"), tagLine(batch(tags)).length - 1);
});
