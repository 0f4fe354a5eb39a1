/**
 * What records say of where they come from: variables and labels of containers, tags that a container asks for itself, those of the
 * agent and its host; and they say it also of a container that is removed at once.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { pipelineOf } from "../support/pipelines.ts";
import { canRunScene, RuntimeScene, SCENE_HOST_IP } from "../support/runtime_scene.ts";
import { type Field, fieldsOf, fileTagsOf, outputTagsOf } from "../support/seed_form.ts";

const IMAGE = "docker.io/library/nginx:latest";
const GLOBAL = `global:
  PipelineMetaTagKey:
    HOST_NAME: __default__
    HOST_IP: node_address
`;
const EXTERNAL = [
  "ExternalEnvTag: { TIER: tier, MISSING: missing }",
  "ExternalK8sLabelTag: { app: app_label, absent: absent_label }",
];
/** Of the agent: `CLUSTER` and `ZONE` become tags. */
const AGENT_ENV = { ALIYUN_LOG_ENV_TAGS: "CLUSTER|ZONE", CLUSTER: "test-cluster", ZONE: "zone-7" };
const AGENT_TAGS: readonly Field[] = [
  ["__hostname__", Deno.hostname()],
  ["node_address", SCENE_HOST_IP],
  ["CLUSTER", "test-cluster"],
  ["ZONE", "zone-7"],
];
const CONTAINER_ENV = { TIER: "front=end", aliyun_logs_mark_tags: "team=web", aliyun_logs_access_tags: "plain" };
/** Sorted by the middle of the variables' names. */
const OWN_TAGS: readonly Field[] = [["plain", "plain"], ["team", "web"]];
const LAST_LINES = 200;

/** Both outputs, and a file. */
function pipelines(brokers: string): Record<string, string> {
  const filters = "ContainerFilters: { IncludeEnv: { TIER: '' } }";
  const file = ["FilePaths: /root/app.log", "EnableContainerDiscovery: true", filters, ...EXTERNAL];
  const bodies = {
    old: pipelineOf("service_docker_stdout", ["IncludeEnv: { TIER: '' }", ...EXTERNAL], brokers, "old"),
    new: pipelineOf("input_container_stdio", [filters, ...EXTERNAL], brokers, "new"),
    file: pipelineOf("input_file", file, brokers, "file"),
  };
  return Object.fromEntries(Object.entries(bodies).map(([name, text]) => [`${name}.yaml`, GLOBAL + text]));
}

const tagged = (fields: readonly Field[]): Field[] => fields.map(([name, value]) => [`__tag__:${name}`, value]);

/** The fields of a message, without the line's own. */
function tagsOf(message: string): readonly Field[] {
  return fieldsOf(message).filter(([name]) => !["content", "_time_", "_source_"].includes(name));
}

Deno.test("tags of containers, pods, the agent and its host", async (test) => {
  if (!canRunScene("containerd")) return;
  await using scene = await RuntimeScene.start("containerd");
  const { kafka, containerd } = scene;
  for (const topic of ["old", "new", "file"]) await kafka.createTopic(topic);
  await using sluice = await scene.prepareAgent(pipelines(kafka.brokers), { env: AGENT_ENV });
  sluice.start();

  await test.step("all that is asked for, in its order", async () => {
    const pod = await containerd.runPod({
      name: "web-1",
      namespace: "default",
      labels: { app: "web" },
      containers: [{
        name: "web",
        command: ["/bin/sh", "-c", "echo line; echo line >/root/app.log; sleep 1000"],
        env: CONTAINER_ENV,
      }],
    });
    const asked: readonly Field[] = [["tier", "front=end"], ["app_label", "web"]];
    const askedOfOld: readonly Field[] = [
      ["tier", "front=end"],
      ["missing", ""],
      ["app_label", "web"],
      ["absent_label", ""],
    ];
    const output = outputTagsOf(pod, "web", IMAGE);
    const wanted: Record<string, readonly Field[]> = {
      old: [...output, ...askedOfOld, ...OWN_TAGS, ...AGENT_TAGS],
      new: [...output, ...asked, ...OWN_TAGS, ...AGENT_TAGS],
      file: [...fileTagsOf(pod, "web", IMAGE, "/root/app.log"), ...tagged([...asked, ...OWN_TAGS, ...AGENT_TAGS])],
    };
    for (const [topic, tags] of Object.entries(wanted)) {
      const messages = await scene.read(topic, 1);
      assertEquals(messages.map(tagsOf), [tags], topic);
    }
  });

  await test.step("the last lines of a container that is removed at once have all of them, too", async () => {
    const before = (await scene.read("old")).length;
    const pod = await containerd.runPod({
      name: "short-1",
      namespace: "default",
      labels: { app: "short" },
      containers: [{
        name: "short",
        command: ["/bin/sh", "-c", `sleep 3; seq ${LAST_LINES}; seq ${LAST_LINES} >/root/app.log`],
        env: CONTAINER_ENV,
      }],
    });
    await new Promise((resolve) => setTimeout(resolve, 3300));
    await pod.remove();
    const messages = (await scene.readAll("old", before + LAST_LINES)).slice(before);
    const lines = Array.from({ length: LAST_LINES }, (_, index) => String(index + 1));
    assertEquals(messages.map((message) => new Map(fieldsOf(message)).get("content")), lines);
    const output = outputTagsOf(pod, "short", IMAGE);
    for (const message of messages) assertEquals(tagsOf(message).slice(0, output.length), output);
    assertEquals(new Set(messages.map((message) => JSON.stringify(tagsOf(message)))).size, 1);
  });
  assertEquals(await sluice.stop(), 0);
});
