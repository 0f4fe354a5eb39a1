import { assertEquals } from "@std/assert";
import { FILE_RECORD, OUTPUT_RECORD, PLAIN_RULES, recordOf } from "../../tests/support/form_records.ts";
import { customSingleFlatten } from "./custom_single_flatten.ts";

Deno.test("content, tags and time are one object, sorted by name", () => {
  const form = customSingleFlatten(PLAIN_RULES, "time");
  assertEquals(
    form.message(OUTPUT_RECORD),
    String
      .raw`{"_source_":"stdout","_time_":"2022-07-13T23:45:54.976593653+08:00","container.image.name":"nginx:latest",` +
      String
        .raw`"container.ip":"10.223.0.154","container.name":"nginx","content":"GET \"/\" <ok>","host.ip":"172.10.0.56",` +
      String.raw`"k8s.namespace.name":"default","k8s.pod.name":"nginx-1","k8s.pod.uid":"07f75a79","time":1657727154}`,
  );
  assertEquals(
    form.message(FILE_RECORD),
    '{"content":"PUT","host.ip":"172.10.0.56","k8s.pod.name":"shop-1","label":"tag","log.file.path":"/root/example.log",' +
      '"log.topic":"file","time":1657727154}',
  );
});

Deno.test("a tag takes the place of a content of its name, the time that of both", () => {
  const record = recordOf([["a", "content"], ["__tag__:a", "tag"], ["time", "content"], ["__tag__:time", "tag"]], 7);
  const form = customSingleFlatten(PLAIN_RULES, "time");
  assertEquals(form.message(record), '{"a":"tag","host.ip":"172.10.0.56","time":7}');
});

Deno.test("the time has another name", () => {
  const form = customSingleFlatten(PLAIN_RULES, "@timestamp");
  assertEquals(form.message(recordOf([["time", "noon"]], 7)), '{"@timestamp":7,"host.ip":"172.10.0.56","time":"noon"}');
});
