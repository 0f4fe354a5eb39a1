import { assertEquals } from "@std/assert";
import { FILE_RECORD, OUTPUT_RECORD, PLAIN_RULES, recordOf } from "../../tests/support/form_records.ts";
import { customSingle } from "./custom_single.ts";

const NAMES = { time: "time", contents: "contents", tags: "tags" };

Deno.test("content and tags are objects of their own, sorted by name, the time is seconds", () => {
  const form = customSingle(PLAIN_RULES, NAMES);
  const contents = String
    .raw`{"_source_":"stdout","_time_":"2022-07-13T23:45:54.976593653+08:00","content":"GET \"/\" <ok>"}`;
  const tags =
    '{"container.image.name":"nginx:latest","container.ip":"10.223.0.154","container.name":"nginx","host.ip":"172.10.0.56",' +
    '"k8s.namespace.name":"default","k8s.pod.name":"nginx-1","k8s.pod.uid":"07f75a79"}';
  assertEquals(form.message(OUTPUT_RECORD), `{"contents":${contents},"tags":${tags},"time":1657727154}`);
  assertEquals(
    form.message(FILE_RECORD),
    '{"contents":{"content":"PUT"},"tags":{"host.ip":"172.10.0.56","k8s.pod.name":"shop-1","label":"tag",' +
      '"log.file.path":"/root/example.log","log.topic":"file"},"time":1657727154}',
  );
});

Deno.test("a record without fields has the tag of the host all the same", () => {
  const form = customSingle({ ...PLAIN_RULES, hostIp: "" }, NAMES);
  assertEquals(form.message(recordOf([], 0)), '{"contents":{},"tags":{"host.ip":""},"time":0}');
});

Deno.test("the parts of a message are renamed, and sorted by their new names", () => {
  const form = customSingle(PLAIN_RULES, { time: "@timestamp", contents: "z", tags: "labels" });
  const expected = '{"@timestamp":1,"labels":{"host.ip":"172.10.0.56"},"z":{"a":"1"}}';
  assertEquals(form.message(recordOf([["a", "1"]], 1)), expected);
});

Deno.test("of parts with one name the tags stay", () => {
  const form = customSingle(PLAIN_RULES, { time: "x", contents: "x", tags: "x" });
  assertEquals(form.message(recordOf([["a", "1"]], 1)), '{"x":{"host.ip":"172.10.0.56"}}');
});
