/** @module */
import { assertEquals } from "@std/assert";
import { dockerSocketPaths, engineContainerdPaths, runtimeSocketPaths } from "./socket_paths.ts";

Deno.test("the usual sockets are tried here and below the host root, an own one instead of them", () => {
  const usual = runtimeSocketPaths("", "");
  assertEquals(usual[0], "/run/containerd/containerd.sock");
  assertEquals(runtimeSocketPaths("/", ""), usual);
  assertEquals(runtimeSocketPaths("/logtail_host/", ""), [...usual, ...usual.map((path) => `/logtail_host${path}`)]);
  assertEquals(runtimeSocketPaths("", " unix:///run/own.sock "), ["/run/own.sock"]);
  assertEquals(runtimeSocketPaths("/host", "/run/own.sock"), ["/run/own.sock", "/host/run/own.sock"]);
  assertEquals(runtimeSocketPaths("/host", "/host/run/own.sock"), ["/host/run/own.sock"]);
});

Deno.test("so are Docker's", () => {
  assertEquals(dockerSocketPaths("/", ""), ["/var/run/docker.sock", "/run/docker.sock"]);
  assertEquals(dockerSocketPaths("/host/", "").slice(2), ["/host/var/run/docker.sock", "/host/run/docker.sock"]);
  assertEquals(dockerSocketPaths("/host", "unix:///own.sock"), ["/own.sock", "/host/own.sock"]);
});

Deno.test("an engine's containerd is the node's or its own, here and below the host root", () => {
  assertEquals(engineContainerdPaths("/host"), [
    "/run/containerd/containerd.sock",
    "/run/docker/containerd/containerd.sock",
    "/var/run/docker/containerd/containerd.sock",
    "/host/run/containerd/containerd.sock",
    "/host/run/docker/containerd/containerd.sock",
    "/host/var/run/docker/containerd/containerd.sock",
  ]);
});
