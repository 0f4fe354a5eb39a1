import { assertEquals } from "@std/assert";
import type { Container } from "../core/container.ts";
import { containerTags, externalTags, outputTags, ownTags, TAG_NAMES } from "./container_tags.ts";

const NGINX: Container = {
  id: "1",
  runtime: "containerd",
  name: "nginx",
  image: "docker.io/library/nginx:latest",
  state: "running",
  createdMs: 0,
  labels: {},
  env: {},
  pod: { name: "nginx-1", namespace: "default", uid: "07f75a79", labels: { app: "nginx" } },
  ip: "10.223.0.154",
  hostName: "nginx-1",
  pid: 1,
  logPath: "/var/log/pods/0.log",
  logDriver: "cri",
  mounts: [],
  rootPaths: [],
};

Deno.test("a container's tags have the walk-through's names and order", () => {
  assertEquals(containerTags(NGINX), [
    ["_image_name_", "docker.io/library/nginx:latest"],
    ["_container_name_", "nginx"],
    ["_pod_name_", "nginx-1"],
    ["_namespace_", "default"],
    ["_pod_uid_", "07f75a79"],
    ["_container_ip_", "10.223.0.154"],
  ]);
});

Deno.test("what is unknown of a container is left out of its tags", () => {
  assertEquals(containerTags({ ...NGINX, pod: undefined, ip: "" }), [
    ["_image_name_", "docker.io/library/nginx:latest"],
    ["_container_name_", "nginx"],
  ]);
  const pod = { name: "nginx-1", namespace: "default", uid: "", labels: {} };
  assertEquals(containerTags({ ...NGINX, pod, image: "" }).map(([name]) => name), [
    "_container_name_",
    "_pod_name_",
    "_namespace_",
    "_container_ip_",
  ]);
});

Deno.test("a tag has the name that it is given, and an empty name leaves it out", () => {
  const tags = containerTags(NGINX, { ...TAG_NAMES, pod: "pod", podUid: "", ip: "" });
  assertEquals(tags.map(([name]) => name), ["_image_name_", "_container_name_", "pod", "_namespace_"]);
});

Deno.test("external tags come from variables and pod labels, in the order of the rules", () => {
  const container = { ...NGINX, env: { B: "2", A: "1" } };
  const rules = { envTag: { A: "a", B: "b" }, k8sLabelTag: { app: "_app_" }, missing: "omit" } as const;
  assertEquals(externalTags(container, rules), [["a", "1"], ["b", "2"], ["_app_", "nginx"]]);
});

Deno.test("an external tag of what a container does not have is empty or left out, as the rules say", () => {
  const rules = { envTag: { A: "a", toString: "b" }, k8sLabelTag: { tier: "t" } };
  assertEquals(externalTags(NGINX, { ...rules, missing: "omit" }), []);
  assertEquals(externalTags(NGINX, { ...rules, missing: "empty" }), [["a", ""], ["b", ""], ["t", ""]]);
  const alone = { ...NGINX, pod: undefined };
  assertEquals(externalTags(alone, { ...rules, missing: "omit" }), []);
  assertEquals(externalTags(alone, { ...rules, missing: "empty" }), [["a", ""], ["b", ""], ["t", ""]]);
});

Deno.test("a container's variables add tags, sorted by what stands in the middle of their names", () => {
  const cases: readonly [Container["env"], ReturnType<typeof ownTags>][] = [
    [{}, []],
    [{ aliyun_logs_mark_tags: "team=web" }, [["team", "web"]]],
    [{ loong_logs_b_tags: "b=2", aliyun_logs_a_tags: "a=1=x" }, [["a", "1=x"], ["b", "2"]]],
    [{ loong_logs_a_tags: "a=new", aliyun_logs_a_tags: "a=old" }, [["a", "new"]]],
    [{ aliyun_logs_a_tags: "alone" }, [["alone", "alone"]]],
    [{ aliyun_logs_a_tags: "=value", aliyun_logs_b_tags: "" }, []],
    [{ aliyun_logs_a: "stdout", aliyun_logs__tags: "a=1", my_aliyun_logs_a_tags: "a=1" }, []],
  ];
  for (const [env, tags] of cases) assertEquals(ownTags({ ...NGINX, env }), tags, JSON.stringify(env));
});

Deno.test("of an output's tags the agent's come last, and none has another's name", () => {
  const env = { STAGE: "live", aliyun_logs_x_tags: "team=web", aliyun_logs_y_tags: "_pod_name_=forged" };
  const tags = outputTags({ ...NGINX, env }, {
    names: TAG_NAMES,
    external: { envTag: { STAGE: "stage" }, k8sLabelTag: { app: "_app_" }, missing: "empty" },
    agentTags: [["_node_name_", "node-1"], ["team", "agents"]],
  });
  assertEquals(tags.slice(6), [["stage", "live"], ["_app_", "nginx"], ["team", "web"], ["_node_name_", "node-1"]]);
  assertEquals(tags.slice(0, 6), containerTags(NGINX));
});
