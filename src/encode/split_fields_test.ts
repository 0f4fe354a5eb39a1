import { assertEquals } from "@std/assert";
import { PLAIN_RULES } from "../../tests/support/form_records.ts";
import { splitFields, type TagRules } from "./split_fields.ts";

/** What becomes of fields, whose values are their numbers. */
function split(names: readonly string[], rules: Partial<TagRules> = {}) {
  const { contents, tags } = splitFields(names, { ...PLAIN_RULES, ...rules });
  const value = (given: { field: number } | { text: string }) => "field" in given ? given.field : given.text;
  const plain = (values: typeof contents) => Object.fromEntries([...values].map(([name, one]) => [name, value(one)]));
  return { contents: plain(contents), tags: plain(tags) };
}

/** The tag that every record has. */
const HOST = { "host.ip": PLAIN_RULES.hostIp };

Deno.test("known names are tags, with the prefix and without, under the names of OpenTelemetry", () => {
  const names = {
    __path__: "log.file.path",
    __hostname__: "host.name",
    __host_ip__: "__host_ip__",
    _node_ip_: "k8s.node.ip",
    _node_name_: "k8s.node.name",
    _namespace_: "k8s.namespace.name",
    _pod_name_: "k8s.pod.name",
    _pod_ip_: "k8s.pod.ip",
    _pod_uid_: "k8s.pod.uid",
    _container_name_: "container.name",
    _container_ip_: "container.ip",
    _image_name_: "container.image.name",
  };
  for (const [given, tag] of Object.entries(names)) {
    for (const name of [given, `__tag__:${given}`]) {
      assertEquals(split([name]), { contents: {}, tags: { [tag]: 0, ...HOST } }, name);
    }
  }
});

Deno.test("the variable of Kubernetes changes the names of a container's tags", () => {
  const names = ["_container_name_", "__tag__:_container_ip_", "_image_name_", "_pod_name_"];
  assertEquals(split(names, { kubernetesNames: true }).tags, {
    "k8s.container.name": 0,
    "k8s.container.ip": 1,
    "k8s.container.image.name": 2,
    "k8s.pod.name": 3,
    ...HOST,
  });
});

Deno.test("other fields are content, unless they have the prefix; the topic is a tag, the machines' group nothing", () => {
  const names = ["content", "_time_", "_source_", "x", "__tag__:x", "__tag__:", "__log_topic__"];
  assertEquals(split([...names, "__tag__:__user_defined_id__", "__user_defined_id__"]), {
    contents: { content: 0, _time_: 1, _source_: 2, x: 3, "__tag__:": 5, __user_defined_id__: 8 },
    tags: { x: 4, "log.topic": 6, ...HOST },
  });
});

Deno.test("of fields with the same name in messages the later counts", () => {
  const names = [
    "a",
    "_pod_name_",
    "a",
    "__tag__:_pod_name_",
    "__tag__:k8s.pod.name",
    "b\ud800",
    "b\udfff",
    "__tag__:host.ip",
  ];
  assertEquals(split(names), { contents: { a: 2, "b\ufffd": 6 }, tags: { "k8s.pod.name": 4, ...HOST } });
});

Deno.test("tags are renamed by their converted names, to nothing too; the agent's address and the topic stay", () => {
  const rename = new Map([
    ["k8s.pod.name", "pod"],
    ["k8s.namespace.name", ""],
    ["_pod_uid_", "no converted name"],
    ["label", "name"],
    ["content", "no tag"],
    ["host.ip", "fixed"],
    ["log.topic", ""],
  ]);
  const names = ["content", "_pod_name_", "__tag__:_namespace_", "_pod_uid_", "__tag__:label", "__log_topic__"];
  assertEquals(split(names, { rename }), {
    contents: { content: 0 },
    tags: { pod: 1, "k8s.pod.uid": 3, name: 4, "log.topic": 5, ...HOST },
  });
});

Deno.test("a tag that is renamed to another takes its place only when it comes later", () => {
  const rename = new Map([["a", "b"]]);
  assertEquals(split(["__tag__:a", "__tag__:b"], { rename }).tags, { b: 1, ...HOST });
  assertEquals(split(["__tag__:b", "__tag__:a"], { rename }).tags, { b: 1, ...HOST });
});
