/** @module */
import { parseEngineInfo, trySnapshotterOf } from "./docker_messages.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { DockerServer } from "../../tests/support/docker_server.ts";
import { makeDenoEnv } from "../core/deno_env.ts";
import { chooseApiVersion, DockerClient, isMissing } from "./docker_client.ts";

async function connect(version: Readonly<Record<string, string>>) {
  const socketPath = `${await Deno.makeTempDir()}/docker.sock`;
  const server = await DockerServer.start(socketPath);
  server.version = version;
  const abort = new AbortController();
  const client = new DockerClient(socketPath, makeDenoEnv(), 5000, abort.signal);
  return { server, client, abort };
}

Deno.test("the version of the API is ours where the engine speaks it, else the nearest", () => {
  const cases = [
    ["1.12", "1.41", "1.41"],
    ["1.24", "1.44", "1.44"],
    ["1.24", "1.47", "1.44"],
    ["1.44", "1.52", "1.44"],
    ["1.50", "1.60", "1.50"],
    ["", "1.24", "1.24"],
    ["", "1.47", "1.44"],
    ["1.9", "1.10", "1.10"],
    ["1.24", "2.0", "1.44"],
  ] as const;
  for (const [MinAPIVersion, ApiVersion, expected] of cases) {
    assertEquals(chooseApiVersion({ MinAPIVersion, ApiVersion }), expected, `${MinAPIVersion} to ${ApiVersion}`);
  }
});

Deno.test("every call after the first names the version", async () => {
  const { server, client } = await connect({ ApiVersion: "1.41" });
  await using _ = server;
  await client.connect();
  assertEquals(await client.listContainers(), []);
  assertEquals(await client.imageTags("sha256:1"), ["nginx:1.27", "nginx:latest"]);
  assertEquals(isMissing(await assertRejects(() => client.inspectContainer("a/b"))), true);
  assertEquals(server.paths, [
    "/version",
    "/v1.41/containers/json?all=1",
    "/v1.41/images/sha256%3A1/json",
    "/v1.41/containers/a%2Fb/json",
  ]);
});

Deno.test("a call that is abandoned rejects at once", async () => {
  const { server, client, abort } = await connect({ ApiVersion: "1.41" });
  await using _ = server;
  server.troubles.set("version", { delayMs: 60_000 });
  const call = client.connect();
  setTimeout(() => abort.abort(), 20);
  const error = await assertRejects(() => call);
  assertEquals(isMissing(error), false);
});

Deno.test("an engine whose images containerd keeps names its snapshotter, others do not", () => {
  const info = (fields: object) =>
    trySnapshotterOf(parseEngineInfo(JSON.stringify({ Driver: "overlayfs", ...fields })));
  assertEquals(info({ DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]] }), "overlayfs");
  assertEquals(info({ Driver: "overlay2", DriverStatus: [["Backing Filesystem", "extfs"]] }), undefined);
  assertEquals(info({ Driver: "vfs", DriverStatus: null }), undefined);
  assertEquals(info({}), undefined);
});
