/** @module */
import { assertEquals } from "@std/assert";
import type { Env } from "../core/env.ts";
import { makeDenoEnv } from "../core/deno_env.ts";
import { findContainerIp, tryFindInHosts } from "./container_ip.ts";

const REAL = makeDenoEnv("192.0.2.1");
const ENV: Env = { ...REAL, hostName: "node1" };

Deno.test("an address is found in a hosts file by the whole name", () => {
  const hosts =
    "# 10.0.0.9 web-1\n127.0.0.1\tlocalhost web-1\n10.0.0.8 web-10\n10.0.0.1\tweb-1.svc web-1 # pod\n10.0.0.2 web-1\n";
  assertEquals(tryFindInHosts(hosts, "web-1"), "10.0.0.1");
  assertEquals(tryFindInHosts(hosts, "web-10"), "10.0.0.8");
  assertEquals(tryFindInHosts(hosts, "web"), undefined);
  assertEquals(tryFindInHosts(hosts, "localhost"), undefined);
  assertEquals(tryFindInHosts(hosts, ""), undefined);
});

Deno.test("the hosts file counts first, then the node's address for what uses its network, then nothing", async () => {
  const hostRoot = await Deno.makeTempDir();
  await Deno.writeTextFile(`${hostRoot}/hosts`, "10.0.0.1 web-1\n");
  const mounts = [{ source: "/hosts", destination: "/etc/hosts" }];
  const find = (hostName: string, hostNetwork = false, source = mounts) =>
    findContainerIp({ hostName, hostNetwork, mounts: source }, ENV, hostRoot);
  assertEquals(find("web-1"), "10.0.0.1");
  assertEquals(find("web-1", true), "10.0.0.1");
  assertEquals(find("other", true), "192.0.2.1");
  assertEquals(find("node1"), "192.0.2.1");
  assertEquals(find("other"), "");
  assertEquals(find("", false, []), "");
  assertEquals(find("web-1", false, [{ source: "/missing", destination: "/etc/hosts" }]), "");
  await Deno.remove(hostRoot, { recursive: true });
});
