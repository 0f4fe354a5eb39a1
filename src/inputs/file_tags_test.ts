import { assertEquals } from "@std/assert";
import type { Container } from "../core/container.ts";
import { TAG_NAMES } from "./container_tags.ts";
import { type FileTagRules, fileTags, tryInodeTag } from "./file_tags.ts";
import { fileTagNames, NO_TAG_OPTIONS } from "./tag_options.ts";

/** The walk-through's container. */
const JSON_LOG: Container = {
  id: "1",
  runtime: "containerd",
  name: "json-log",
  image: "docker.io/library/alpine:3.9.6",
  state: "running",
  createdMs: 0,
  labels: {},
  env: {},
  pod: {
    name: "json-log-5df95f9f84-dhj2l",
    namespace: "default",
    uid: "e42818ef-75c4-4854-9fe0-4dd7c7f7ccd1",
    labels: { app: "json-log" },
  },
  ip: "10.223.0.189",
  hostName: "json-log",
  pid: 1,
  logPath: "",
  logDriver: "cri",
  mounts: [],
  rootPaths: [],
};
const FACTS = { path: "/root/log/json.log", container: JSON_LOG, userDefinedId: "default" };
const RULES: FileTagRules = {
  names: fileTagNames(NO_TAG_OPTIONS),
  external: { envTag: {}, k8sLabelTag: {}, missing: "omit" },
  agentTags: [],
};

Deno.test("a file's tags have the walk-through's names and order", () => {
  assertEquals(fileTags(FACTS, RULES), [
    ["__tag__:__path__", "/root/log/json.log"],
    ["__tag__:__user_defined_id__", "default"],
    ["__tag__:_container_ip_", "10.223.0.189"],
    ["__tag__:_image_name_", "docker.io/library/alpine:3.9.6"],
    ["__tag__:_container_name_", "json-log"],
    ["__tag__:_pod_name_", "json-log-5df95f9f84-dhj2l"],
    ["__tag__:_namespace_", "default"],
    ["__tag__:_pod_uid_", "e42818ef-75c4-4854-9fe0-4dd7c7f7ccd1"],
  ]);
});

Deno.test("a file of the node has path and group only", () => {
  const tags = fileTags({ path: "/var/log/a.log", container: undefined, userDefinedId: "web" }, RULES);
  assertEquals(tags, [["__tag__:__path__", "/var/log/a.log"], ["__tag__:__user_defined_id__", "web"]]);
});

Deno.test("external, own and the agent's tags follow in this order, prefixed, and none has another's name", () => {
  const env = { STAGE: "live", aliyun_logs_x_tags: "team=web", loong_logs_y_tags: "__path__=/forged" };
  const tags = fileTags({ ...FACTS, container: { ...JSON_LOG, env } }, {
    ...RULES,
    external: { envTag: { STAGE: "stage", OTHER: "other" }, k8sLabelTag: { app: "_app_" }, missing: "omit" },
    agentTags: [["__hostname__", "node-1"]],
  });
  assertEquals(tags.slice(8), [
    ["__tag__:stage", "live"],
    ["__tag__:_app_", "json-log"],
    ["__tag__:team", "web"],
    ["__tag__:__hostname__", "node-1"],
  ]);
});

Deno.test("what is unknown and what has no name is left out, other names count", () => {
  const container = { ...JSON_LOG, ip: "", image: "" };
  const names = { ...RULES.names, ...TAG_NAMES, path: "file", podUid: "", namespace: "space" };
  assertEquals(fileTags({ ...FACTS, container }, { ...RULES, names }).map(([name]) => name), [
    "__tag__:file",
    "__tag__:__user_defined_id__",
    "__tag__:_container_name_",
    "__tag__:_pod_name_",
    "__tag__:space",
  ]);
});

Deno.test("the inode is a tag where it is asked for", () => {
  assertEquals(tryInodeTag(7, RULES.names), undefined);
  assertEquals(tryInodeTag(7, { ...RULES.names, inode: "__inode__" }), ["__tag__:__inode__", "7"]);
});
