import { assertEquals } from "@std/assert";
import { OUTPUT_RECORD, PLAIN_RULES, recordOf } from "../../tests/support/form_records.ts";
import { otlpJson } from "./otlp_json.ts";

function attribute(key: string, stringValue: string) {
  return { key, value: { stringValue } };
}

Deno.test("a record is a request of one log record: tags are the resource, the content is the body", () => {
  assertEquals(JSON.parse(otlpJson(PLAIN_RULES).message(OUTPUT_RECORD)), {
    resourceLogs: [{
      resource: {
        attributes: [
          attribute("container.image.name", "nginx:latest"),
          attribute("container.name", "nginx"),
          attribute("k8s.pod.name", "nginx-1"),
          attribute("k8s.namespace.name", "default"),
          attribute("k8s.pod.uid", "07f75a79"),
          attribute("container.ip", "10.223.0.154"),
          attribute("host.ip", "172.10.0.56"),
        ],
      },
      scopeLogs: [{
        scope: { name: "sluice" },
        logRecords: [{
          timeUnixNano: "1657727154000000000",
          observedTimeUnixNano: "1657727154000000000",
          body: { stringValue: 'GET "/" <ok>' },
          attributes: [
            attribute("_time_", "2022-07-13T23:45:54.976593653+08:00"),
            attribute("_source_", "stdout"),
          ],
        }],
      }],
    }],
  });
});

Deno.test("a record without content has no body", () => {
  const { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] } = JSON.parse(
    otlpJson(PLAIN_RULES).message(recordOf([["a", "1"]])),
  );
  assertEquals(Object.keys(record), ["timeUnixNano", "observedTimeUnixNano", "attributes"]);
});
