/**
 * What runtimes and the static file say of containers, mutated: reading it throws what is declared, and building a container of what was
 * read never throws.
 *
 * @module
 */
import { assert } from "@std/assert";
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import { InvariantError } from "../../src/core/assert.ts";
import type { Container } from "../../src/core/container.ts";
import { tryFindInHosts } from "../../src/discover/container_ip.ts";
import { criContainer, tryFindUpperDirectory } from "../../src/discover/cri_container.ts";
import {
  type ContainerStatusResponse,
  CRI_MESSAGES,
  type ListedContainer,
  MessageCodec,
  type PodSandbox,
  type PodSandboxStatusResponse,
} from "../../src/discover/cri_messages.ts";
import { dockerContainer, isSandbox } from "../../src/discover/docker_container.ts";
import {
  parseContainer,
  parseContainerList,
  parseImageTags,
  parseVersion,
  tryReadEventContainerId,
} from "../../src/discover/docker_messages.ts";
import { parseStaticFile } from "../../src/discover/static_file.ts";
import type { Random } from "../support/random.ts";
import { fuzz } from "./fuzz.ts";
import { Mutator } from "./mutate.ts";

const NODE = { env: makeDenoEnv("192.0.2.1"), hostRoot: "/nowhere", stateDirectories: ["/run/containerd"] };
const LABELS = {
  "io.kubernetes.pod.name": "web-1",
  "io.kubernetes.pod.namespace": "shop",
  "io.kubernetes.pod.uid": "u",
  app: "x",
};
const INFO = JSON.stringify({
  pid: 7,
  runtimeSpec: {
    hostname: "web-1",
    root: { path: "rootfs" },
    process: { env: ["A=1", "PATH=/bin"] },
    mounts: [{ destination: "/data", source: "/host/data", options: ["rbind"] }],
  },
});
const codec = new MessageCodec(CRI_MESSAGES);
const TOKENS = [
  ...[
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "-1",
    "1e400",
    '"__proto__":',
    '"constructor":',
    "\\u0000",
    "\\ud800",
    "k8s_",
    "_",
  ],
  ...[
    "../",
    "/",
    "\0",
    "\n",
    " ",
    "=",
    '"Labels":',
    '"Id":"x"',
    '"Env":',
    '"Mounts":[',
    '"State":',
    "upperdir=",
    "overlay / ",
    "127.0.0.1 ",
  ],
  ...[
    Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f),
    Uint8Array.of(0x0b),
    Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  ],
];

const METADATA = { name: "web", uid: "u", namespace: "shop", attempt: 1 };
const LISTED = {
  id: "0123456789abcdef",
  podSandboxId: "p",
  metadata: METADATA,
  image: { image: "i" },
  imageRef: "r",
  state: 1,
  createdAt: 1.7e18,
  labels: LABELS,
};
const STATUS = {
  state: 1,
  createdAt: 1.7e18,
  image: { image: "nginx" },
  imageRef: "r",
  labels: LABELS,
  mounts: [{ containerPath: "/d", hostPath: "/h" }],
  logPath: "/var/log/pods/a/0.log",
};
const SANDBOX_STATUS = { network: { ip: "10.0.0.1" }, linux: { namespaces: { options: { network: 2 } } } };

/** A decoder and mutants of what it reads. */
function messages<Message>(name: string, message: object): (random: Random) => Message | undefined {
  const mutator = new Mutator([codec.encoder(name)(message)], TOKENS);
  const decode = codec.decoder<Message>(name);
  return (random) => tryRead(() => decode(mutator.mutant(random)));
}

/** @returns undefined where `read` throws an ordinary error: bytes that are no message. */
function tryRead<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    // A bug of ours would be one of these.
    if (error instanceof TypeError || error instanceof InvariantError || !(error instanceof Error)) throw error;
    return undefined;
  }
}

const criLists = messages<{ containers: ListedContainer[] }>("ListContainersResponse", {
  containers: [LISTED, LISTED],
});
const criStatuses = messages<ContainerStatusResponse>("ContainerStatusResponse", {
  status: STATUS,
  info: { info: INFO },
});
const criSandboxes = messages<{ items: PodSandbox[] }>("ListPodSandboxResponse", {
  items: [{ id: "p", metadata: METADATA, state: 0, labels: LABELS }],
});
const criSandboxStatuses = messages<PodSandboxStatusResponse>("PodSandboxStatusResponse", { status: SANDBOX_STATUS });
const infos = new Mutator([INFO], TOKENS);

function criCase(random: Random): void {
  const listed = criLists(random)?.containers[0];
  const response = criStatuses(random);
  if (listed === undefined || response === undefined) return;
  const info = random.integer(0, 1) === 0 ? response.info : { info: infos.mutantText(random) };
  const sandbox = criSandboxes(random)?.items[0];
  checkContainer(
    criContainer({ listed, response: { ...response, info }, sandbox, sandboxStatus: criSandboxStatuses(random) }, NODE),
  );
}

const INSPECTED = {
  Id: "0123",
  Name: "/k8s_web_web-1_shop_07f75a79-da69-40ac-ae2b-77a632929cc6_0",
  Created: "2026-01-02T03:04:05.6Z",
  State: { Status: "running", Pid: 7 },
  Image: "sha256:1",
  LogPath: "/l",
  HostsPath: "/h",
  Config: { Hostname: "web-1", Image: "nginx", Env: ["A=1"], Labels: LABELS },
  HostConfig: { NetworkMode: "host", LogConfig: { Type: "json-file" } },
  NetworkSettings: { IPAddress: "", Networks: { a: { IPAddress: "10.0.0.1" } } },
  Mounts: [{ Source: "/a", Destination: "/b" }],
  GraphDriver: { Data: { MergedDir: "/m", UpperDir: "/u" } },
};
const inspections = new Mutator([JSON.stringify(INSPECTED)], TOKENS);
const dockerLists = new Mutator([
  JSON.stringify([{
    Id: "0123",
    State: "running",
    Names: [INSPECTED.Name],
    Labels: LABELS,
    HostConfig: { NetworkMode: "host" },
  }]),
], TOKENS);
const small = new Mutator([
  '{"ApiVersion":"1.47","MinAPIVersion":"1.24"}',
  '{"RepoTags":["nginx:latest"]}',
  '{"Actor":{"ID":"0123"},"id":"0123"}',
], TOKENS);

function dockerCase(random: Random): void {
  for (const listed of tryRead(() => parseContainerList(dockerLists.mutantText(random))) ?? []) isSandbox(listed);
  tryRead(() => parseVersion(small.mutantText(random)));
  tryRead(() => parseImageTags(small.mutantText(random)));
  tryReadEventContainerId(small.mutantText(random));
  const inspected = tryRead(() => parseContainer(inspections.mutantText(random)));
  if (inspected === undefined) return;
  checkContainer(dockerContainer(inspected, { imageTag: "", sandboxLabels: undefined, hostNetwork: false }, NODE));
}

const STATIC = {
  ID: "0123",
  Name: "k8s_web_web-1_shop_07f75a79-da69-40ac-ae2b-77a632929cc6_0",
  Created: 1_700_000_000,
  HostName: "h",
  IP: "10.0.0.1",
  Image: "nginx",
  LogPath: "/l",
  LogType: "json-file",
  Labels: LABELS,
  UpperDir: "/u",
  Env: ["A=1"],
  Mounts: [{ Source: "/a", Destination: "/b", Driver: "" }],
  State: { Status: "running", Pid: 7 },
};
const staticFiles = new Mutator([
  JSON.stringify([STATIC, { ...STATIC, Env: { A: "1" }, Created: "2026-01-02T03:04:05Z" }]),
], TOKENS);

function staticCase(random: Random): void {
  for (const container of tryRead(() => parseStaticFile(staticFiles.mutantText(random)))?.containers ?? []) {
    checkContainer(container);
  }
}

const nodeFiles = new Mutator([
  "127.0.0.1 localhost\n10.0.0.1 web-1 web # own\n",
  "overlay / overlay rw,lowerdir=/l,upperdir=/u,workdir=/w 0 0\n",
], TOKENS);

function nodeFileCase(random: Random): void {
  tryFindInHosts(nodeFiles.mutantText(random), "web-1");
  tryFindUpperDirectory(nodeFiles.mutantText(random));
}

/** What others rely on. */
function checkContainer({ id, createdMs, pid, mounts, rootPaths, labels, env }: Container): void {
  assert(typeof id === "string" && Number.isFinite(createdMs) && Number.isFinite(pid));
  assert([...mounts.map(({ source }) => source), ...rootPaths].every((path) => typeof path === "string"));
  assert([...Object.values(labels), ...Object.values(env)].every((text) => typeof text === "string"));
}

for (
  const [name, tryCase] of Object.entries({
    CRI: criCase,
    Docker: dockerCase,
    "static file": staticCase,
    "node files": nodeFileCase,
  })
) {
  Deno.test(`mutated words about containers are read or refused: ${name}`, async () => {
    assert(await fuzz(`containers, ${name}`, tryCase) > 20);
  });
}
