import { assertEquals } from "@std/assert";
import type { Container } from "../core/container.ts";
import { containerTags } from "./container_tags.ts";

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
