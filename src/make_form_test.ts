import { assertEquals } from "@std/assert";
import { recordOf } from "../tests/support/form_records.ts";
import { CONVERT_DEFAULT, type ConvertOptions } from "./deliver/convert_options.ts";
import { KUBERNETES_VARIABLE, makeForm } from "./make_form.ts";

const RECORD = recordOf([["content", "é"], ["_container_name_", "c"], ["_pod_name_", "p"]], 1);

function message(options: Partial<ConvertOptions>, variable?: string): string | Uint8Array {
  const tryVariable = (name: string) => name === KUBERNETES_VARIABLE ? variable : undefined;
  return makeForm({ ...CONVERT_DEFAULT, ...options }, { hostIp: "1.2.3.4", tryVariable }).message(RECORD);
}

const FLAT = '{"container.name":"c","content":"é","host.ip":"1.2.3.4","k8s.pod.name":"p","time":1}';

Deno.test("every form is what it is called", () => {
  assertEquals(
    message({ form: "tutorial" }),
    '{"Time":1,"Contents":[{"Key":"content","Value":"é"},{"Key":"_container_name_","Value":"c"},{"Key":"_pod_name_","Value":"p"}]}',
  );
  const tags = '{"container.name":"c","host.ip":"1.2.3.4","k8s.pod.name":"p"}';
  assertEquals(message({ form: "custom_single" }), `{"contents":{"content":"é"},"tags":${tags},"time":1}`);
  assertEquals(message({ form: "custom_single_flatten" }), FLAT);
  assertEquals(message({ form: "jsonline" }), FLAT);
  assertEquals(message({ form: "raw" }), "é");
  assertEquals(Object.keys(JSON.parse(String(message({ form: "otlp_json" })))), ["resourceLogs"]);
  const protobuf = message({ form: "otlp_protobuf" });
  assertEquals(protobuf instanceof Uint8Array && protobuf[0], 1 << 3 | 2);
});

Deno.test("tags and parts have the names that the options give them", () => {
  const partNames = { time: "t", contents: "c", tags: "labels" };
  const tagRename = { "k8s.pod.name": "pod", "container.name": "" };
  assertEquals(
    message({ form: "custom_single", partNames, tagRename }),
    '{"c":{"content":"é"},"labels":{"host.ip":"1.2.3.4","pod":"p"},"t":1}',
  );
});

Deno.test("tags of containers have the names of Kubernetes where the variable says so", () => {
  const kubernetes = FLAT.replace(
    '"container.name":"c","content":"é","host.ip":"1.2.3.4"',
    '"content":"é","host.ip":"1.2.3.4","k8s.container.name":"c"',
  );
  for (const yes of ["true", "True", "yes", "y", "on", "ok"]) {
    assertEquals(message({ form: "jsonline" }, yes), kubernetes, yes);
  }
  for (const no of [undefined, "", "false", "no", "off", "1"]) {
    assertEquals(message({ form: "jsonline" }, no), FLAT, no);
  }
});
