/**
 * The walk-through's second part, for real: its json-log pipeline and the container of its Deployment as written, in containerd and
 * in a Docker Engine; and what is left in such a container when it ends while Kafka is away.
 *
 * @module
 */
import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { dirname, fromFileUrl } from "@std/path";
import type { TestContainerd, TestPod } from "../support/containerd.ts";
import { DOCKER_IMAGE, kubeletName, type TestDockerd } from "../support/dockerd.ts";
import type { TestKafka } from "../support/kafka.ts";
import { containerOf, pipelinesOf } from "../support/manifests.ts";
import { Arrivals } from "../support/numbered_lines.ts";
import { filePipeline, pipelineOf } from "../support/pipelines.ts";
import { canRunScene, RuntimeScene } from "../support/runtime_scene.ts";
import { fileTagsOf, maskTimes, seedMessage, valueOf } from "../support/seed_form.ts";
import { eventually, type TestSluice } from "../support/sluice.ts";

const projectDirectory = dirname(dirname(dirname(fromFileUrl(import.meta.url))));
const TOPIC = "json-log";
const PATH = "/root/log/json.log";
const IMAGE = "docker.io/library/alpine:3.9.6";
const UID = "e42818ef-75c4-4854-9fe0-4dd7c7f7ccd1";
/** About 12 MB: twice what an agent takes in while Kafka is away. */
const LINES = 120_000;
const PADDING = "0123456789".repeat(8);
const RELEASE_AFTER_S = 4;

/** The Deployment's container in a pod of containerd. */
function runPod(containerd: TestContainerd): Promise<TestPod> {
  const { name, image, command, args } = containerOf(projectDirectory, "json-log-deployment.yaml");
  assertEquals(`docker.io/library/${image}`, IMAGE);
  const mounts = [{ hostPath: "/etc/localtime", containerPath: "/etc/localtime" }];
  return containerd.runPod({
    name: "json-log-5df95f9f84-dhj2l",
    namespace: "default",
    labels: { app: "json-log" },
    containers: [{ name, image: IMAGE, command, args, mounts }],
  });
}

/** The same as the kubelet has Docker run it. */
async function runInDocker(dockerd: TestDockerd): Promise<Pick<TestPod, "name" | "namespace" | "uid">> {
  const pod = { name: "json-log-5df95f9f84-x5k2p", namespace: "default", uid: UID };
  const { name, command, args } = containerOf(projectDirectory, "json-log-deployment.yaml");
  const labels = { "io.kubernetes.pod.name": pod.name, "io.kubernetes.pod.namespace": pod.namespace };
  const pause = await dockerd.run({
    name: kubeletName("POD", pod.name, pod.namespace, pod.uid),
    command: ["sleep", "1000"],
    labels: { ...labels, app: "json-log", "io.kubernetes.docker.type": "podsandbox" },
    network: "host",
  });
  await dockerd.run({
    name: kubeletName(name, pod.name, pod.namespace, pod.uid),
    command: [...command, ...args],
    labels: { ...labels, "io.kubernetes.container.name": name, "io.kubernetes.docker.type": "container" },
    volumes: ["/etc/localtime:/etc/localtime"],
    network: `container:${pause}`,
  });
  return pod;
}

/** Checks form and content of a message; the line's own time is what differs. */
function check(message: string, pod: Pick<TestPod, "name" | "namespace" | "uid">, image: string): void {
  const time = valueOf(message, "time");
  assertMatch(time, /^\+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  const tags = fileTagsOf(pod, "json-log", image, PATH);
  assertEquals(maskTimes(message), seedMessage([...tags, ["time", time], ["message", "Hello, iLogtail!"]]));
}

/** A pod whose container writes a large file when it is told to, and an agent that has begun to read it. */
class LeftFile implements AsyncDisposable {
  readonly pod: TestPod;
  readonly sluice: TestSluice;
  readonly #kafka: TestKafka;
  readonly #signals: string;

  private constructor(pod: TestPod, sluice: TestSluice, kafka: TestKafka, signals: string) {
    this.pod = pod;
    this.sluice = sluice;
    this.#kafka = kafka;
    this.#signals = signals;
  }

  /** Returns when the first line has arrived. */
  static async prepare(scene: RuntimeScene, name: string): Promise<LeftFile> {
    await scene.kafka.createTopic(name);
    const signals = await Deno.makeTempDir({ dir: scene.containerd.directory });
    const write = `awk 'BEGIN { for (n = 1; n < ${LINES}; n++) print "${name} " n " ${PADDING}" }'`;
    const script =
      `mkdir -p /root/log; echo '${name} 0' >/root/log/app.log; until [ -e /signals/write ]; do sleep 0.1; done; ` +
      `${write} >>/root/log/app.log; touch /signals/written; sleep 1000`;
    const mounts = [{ hostPath: signals, containerPath: "/signals" }];
    const command = ["/bin/sh", "-c", script];
    const pod = await scene.containerd.runPod({ name, namespace: "default", containers: [{ name, command, mounts }] });
    const pipelines = {
      "left.yaml": filePipeline({ container: name, path: "/root/log/app.log" }, scene.kafka.brokers, name),
    };
    const sluice = await scene.prepareAgent(pipelines, { arguments: ["--release-after", String(RELEASE_AFTER_S)] });
    sluice.start();
    await scene.read(name, 1);
    return new LeftFile(pod, sluice, scene.kafka, signals);
  }

  /** Kafka goes away, and the file grows to more than the agent takes in. */
  async fill(): Promise<void> {
    this.#kafka.pause();
    await Deno.writeTextFile(`${this.#signals}/write`, "");
    await eventually("all is written", () => Deno.stat(`${this.#signals}/written`).then(() => true, () => false));
    await pause(1000);
  }

  /** Where the container's files are mounted on the node. */
  async mounts(): Promise<readonly string[]> {
    const id = this.pod.containerId(this.pod.name);
    return (await Deno.readTextFile("/proc/self/mounts")).split("\n").filter((line) => line.includes(id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kafka.resume();
    await this.sluice[Symbol.asyncDispose]();
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("json-log: the messages of the walk-through, and files of a container that ends", async (test) => {
  if (!canRunScene("containerd", "docker")) return;
  await using scene = await RuntimeScene.start("containerd", "docker");

  await test.step("its pipeline and its container as written, in containerd and Docker", async () => {
    await scene.kafka.createTopic(TOPIC);
    const pipelines = pipelinesOf(projectDirectory, "ilogtail-user-configmap-json-log.yaml", scene.kafka.brokers);
    await using sluice = await scene.prepareAgent(pipelines);
    const pod = await runPod(scene.containerd);
    sluice.start();
    const dockerPod = await runInDocker(scene.dockerd);
    const messages = await scene.read(TOPIC, 4);
    assertEquals(await sluice.stop(), 0);
    const of = ({ name }: { name: string }) => messages.filter((one) => valueOf(one, "__tag__:_pod_name_") === name);
    assertEquals([of(pod).length, of(dockerPod).length], [2, 2]);
    for (const message of of(pod)) check(message, pod, IMAGE);
    for (const message of of(dockerPod)) check(message, dockerPod, DOCKER_IMAGE);
    await pod.remove();
  });

  await test.step("a pod that ends while Kafka is away: all of its file arrives, and it can be removed", async () => {
    await using left = await LeftFile.prepare(scene, "left");
    await left.fill();
    const stopping = left.pod.stop();
    await pause(3000);
    scene.kafka.resume();
    using arrivals = await Arrivals.follow(scene.kafka.port, "left");
    await arrivals.untilTotal(LINES);
    arrivals.check({ left: LINES });
    await stopping;
    await left.pod.remove();
    assertEquals(await left.mounts(), []);
    assertEquals(await left.sluice.stop(), 0);
  });

  // alibaba/loongcollector#123, alibaba/loongcollector#872: an open file delayed a container's removal for minutes.
  await test.step("a pod that ends while Kafka stays away can be removed at once; its files are let go of in time", async () => {
    await using left = await LeftFile.prepare(scene, "released");
    await left.fill();
    const sinceMs = Date.now();
    await left.pod.remove();
    const tookMs = Date.now() - sinceMs;
    assertLess(tookMs, RELEASE_AFTER_S * 1000);
    assertEquals(await left.mounts(), []);
    await eventually("it says what is lost", () => /app\.log was closed with \d+ bytes unread/.test(left.sluice.log));
    scene.kafka.resume();
    assertEquals(await left.sluice.stop(), 0);
  });

  await test.step("files of containers that end, or have ended before the agent came, arrive once", async () => {
    await scene.kafka.createTopic("ended");
    const shared = scene.containerd.directory;
    const scriptOf = (name: string) =>
      `mkdir /root/log; for i in 0 1 2; do echo "${name} $i" >>/root/log/app.log; done; ` +
      `until [ -e /signals/${name} ]; do sleep 0.1; done`;
    const runInEngine = (name: string) => {
      const command = ["sh", "-c", scriptOf(name)];
      return scene.dockerd.run({ name, command, env: { ENDS: "1" }, volumes: [`${shared}:/signals`] });
    };
    const runInPod = (name: string) => {
      const mounts = [{ hostPath: shared, containerPath: "/signals" }];
      const container = { name, command: ["sh", "-c", scriptOf(name)], env: { ENDS: "1" }, mounts };
      return scene.containerd.runPod({ name, namespace: "default", containers: [container] });
    };
    const options = [
      "FilePaths: /root/log/app.log",
      "EnableContainerDiscovery: true",
      "ContainerFilters: { IncludeEnv: { ENDS: '1' } }",
    ];
    await using sluice = await scene.prepareAgent({
      "ended.yaml": pipelineOf("input_file", options, scene.kafka.brokers, "ended"),
    });
    const end = async (name: string) => {
      await Deno.writeTextFile(`${shared}/${name}`, "");
      const line = new RegExp(`^(\\S+/)?${name} +exited `, "m");
      await eventually(`${name} has ended`, async () => line.test(await sluice.showContainers()));
    };
    await runInEngine("before");
    await runInPod("pod-before");
    await end("before");
    await end("pod-before");
    await runInEngine("while");
    await runInPod("pod-while");
    sluice.start();
    using arrivals = await Arrivals.follow(scene.kafka.port, "ended");
    await arrivals.untilTotal(12);
    await end("while");
    await end("pod-while");
    await pause(3000);
    assertEquals(await sluice.stop(), 0);
    await arrivals.readOn();
    arrivals.check({ before: 3, while: 3, "pod-before": 3, "pod-while": 3 });
  });
});
