/**
 * The forms of messages that the option `Convert` asks for, through the binary and a real broker, and the flusher by its name of version 1.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { canRunFlusherScene, FlusherScene } from "../support/flusher_scene.ts";

const HOST_IP = "10.1.2.3";
const LINE = 'GET "/" <é> 200';
/** Of the container that the agent reads, as `made_up_node.ts` describes it. */
const TAGS = {
  "container.image.name": "docker.io/library/alpine:3.9.6",
  "container.ip": "10.223.0.189",
  "container.name": "web",
  "host.ip": HOST_IP,
  "k8s.namespace.name": "default",
  "k8s.pod.name": "web-1",
  "k8s.pod.uid": "uid-web",
};
const CONTENTS = { _source_: "stdout", _time_: "2022-07-13T23:45:54.976593653+08:00", content: LINE };
const TIME = 1657727154;
const RENAMED = { "k8s.pod.name": "pod", "container.image.name": "" };

/** Keys in order, on both levels, as Go's maps are written. */
function sorted(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).sort(([one], [other]) => one < other ? -1 : 1));
}

function renamedTags(): Record<string, string> {
  const { "k8s.pod.name": pod, "container.image.name": _image, ...others } = TAGS;
  return { ...others, pod };
}

/** What the option says, and the message of `LINE`. */
const TEXT_FORMS: Readonly<Record<string, string>> = {
  "{}": tutorialMessage(),
  "{ Protocol: tutorial, Encoding: json }": tutorialMessage(),
  "{ Protocol: custom_single, Encoding: json }": JSON.stringify({ contents: CONTENTS, tags: TAGS, time: TIME }),
  "{ Protocol: custom_single_flatten }": JSON.stringify(sorted({ ...CONTENTS, ...TAGS, time: TIME })),
  "{ Protocol: jsonline, Encoding: JSON }": JSON.stringify(sorted({ ...CONTENTS, ...TAGS, time: TIME })),
  "{ Protocol: raw, Encoding: '' }": LINE,
  "{ Protocol: raw, Encoding: none }": LINE,
  [
    `{ Protocol: custom_single, TagFieldsRename: ${
      JSON.stringify(RENAMED)
    }, ProtocolFieldsRename: { time: at, tags: a } }`
  ]: JSON.stringify({ a: sorted(renamedTags()), at: TIME, contents: CONTENTS }),
  [
    `{ Protocol: custom_single_flatten, TagFieldsRename: ${
      JSON.stringify(RENAMED)
    }, ProtocolFieldsRename: { time: at } }`
  ]: JSON.stringify(sorted({ ...CONTENTS, ...renamedTags(), at: TIME })),
};

/** The walk-through's form: fields in their order, angle brackets as they are. */
function tutorialMessage(): string {
  const pairs = [
    ["_time_", CONTENTS._time_],
    ["_source_", CONTENTS._source_],
    ["_image_name_", TAGS["container.image.name"]],
    ["_container_name_", TAGS["container.name"]],
    ["_pod_name_", TAGS["k8s.pod.name"]],
    ["_namespace_", TAGS["k8s.namespace.name"]],
    ["_pod_uid_", TAGS["k8s.pod.uid"]],
    ["_container_ip_", TAGS["container.ip"]],
  ];
  const Contents = [["content", LINE], ...pairs].map(([Key, Value]) => ({ Key, Value }));
  return JSON.stringify({ Time: TIME, Contents });
}

/** The number of the next topic: each case has one of its own. */
function topicNames(prefix: string): () => string {
  let count = 0;
  return () => `${prefix}-${++count}`;
}

const nextTopic = topicNames("form");

async function testText(scene: FlusherScene, convert: string, expected: string): Promise<void> {
  const options = [`Convert: ${convert}`];
  const messages = await scene.deliver(nextTopic(), { lines: [LINE, LINE], hostIp: HOST_IP, options });
  assertEquals(messages.map(({ payload }) => payload), [expected, expected]);
}

interface OtlpValue {
  readonly stringValue: string;
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

interface OtlpMessage {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly timeUnixNano: string;
        readonly body: OtlpValue;
        readonly attributes: readonly OtlpAttribute[];
      }[];
    }[];
  }[];
}

const asMap = (attributes: readonly OtlpAttribute[]) =>
  sorted(Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue])));

async function testOtlpJson(scene: FlusherScene, name: string): Promise<void> {
  const options = [`Convert: { Protocol: ${name}, Encoding: json, TagFieldsRename: ${JSON.stringify(RENAMED)} }`];
  const [{ payload }] = await scene.deliver(nextTopic(), { lines: [LINE], hostIp: HOST_IP, options });
  const { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }: OtlpMessage = JSON.parse(payload);
  assertEquals(asMap(resource.attributes), sorted(renamedTags()));
  assertEquals(record.timeUnixNano, `${TIME}000000000`);
  assertEquals(record.body, { stringValue: LINE });
  assertEquals(asMap(record.attributes), { _source_: CONTENTS._source_, _time_: CONTENTS._time_ });
}

/** The first field with this number of a message of Protocol Buffers, all of whose fields before it have a length. */
function firstField(message: Uint8Array, number: number): Uint8Array {
  for (let at = 0; at < message.length;) {
    const tag = message[at++];
    let length = 0;
    for (let shift = 0;; shift += 7) {
      length |= (message[at] & 0x7f) << shift;
      if (message[at++] < 0x80) break;
    }
    if ((tag & 7) === 1) at += 8 - 1;
    else if (tag >> 3 === number) return message.subarray(at, at + length);
    else if ((tag & 7) === 2) at += length;
  }
  throw new Error(`there is no field ${number}`);
}

/** The numbers of fields: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto */
async function testOtlpProtobuf(scene: FlusherScene): Promise<void> {
  const topic = nextTopic();
  const options = ["Convert: { Protocol: otlp_v1, Encoding: protobuf }"];
  await scene.deliver(topic, { lines: [LINE], hostIp: HOST_IP, options });
  const [{ value }] = await scene.kafka.consumeAll(topic);
  const PATH = { resourceLogs: 1, scopeLogs: 2, logRecords: 2, body: 5, stringValue: 1 };
  const found = Object.values(PATH).reduce(firstField, value!);
  assertEquals(new TextDecoder().decode(found), LINE);
}

async function testKubernetesNames(scene: FlusherScene): Promise<void> {
  const [{ payload }] = await scene.deliver(nextTopic(), {
    lines: [LINE],
    hostIp: HOST_IP,
    env: { ALICLOUD_LOG_K8S_FLAG: "true" },
    options: ["Convert: { Protocol: custom_single }"],
  });
  const { "container.image.name": image, "container.ip": ip, "container.name": name, ...others } = TAGS;
  const renamed = { "k8s.container.image.name": image, "k8s.container.ip": ip, "k8s.container.name": name, ...others };
  assertEquals(payload, JSON.stringify({ contents: CONTENTS, tags: sorted(renamed), time: TIME }));
}

async function testVersion1(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("version-1", 7);
  const options = ["Topic: version-1", "PartitionerType: hash", "HashKeys: [content, _pod_name_]", "ClientID: Logtail"];
  await using agent = await scene.startAgent({ lines: [LINE], flushers: [{ type: "flusher_kafka", options }] });
  const [message] = await scene.read("version-1", 1);
  assertEquals([message.key, message.payload], [`${LINE}###web-1`, tutorialMessage()]);
  await agent.stop();
}

async function testRefused(scene: FlusherScene): Promise<void> {
  const cases = {
    "{ Protocol: influxdb }": "not supported",
    "{ Protocol: raw, Encoding: json }": "json is not possible with Protocol raw",
    "{ Protocol: custom_single, Encoding: protobuf }": "protobuf is not possible",
    "{ TagFieldsRename: { host.name: node } }": "has no effect with Protocol tutorial",
    "{ Protocol: raw, ProtocolFieldsRename: { time: at } }": "has no effect with Protocol raw",
  };
  for (const [convert, words] of Object.entries(cases)) {
    await using agent = await scene.startAgent({ flushers: [{ options: ["Topic: logs", `Convert: ${convert}`] }] });
    assertEquals(await agent.sluice.ended(), 2);
    assertStringIncludes(agent.sluice.log, words);
  }
}

Deno.test("the forms of messages that Convert asks for", async (test) => {
  if (!canRunFlusherScene()) return;
  await using scene = await FlusherScene.start();
  for (const [convert, expected] of Object.entries(TEXT_FORMS)) {
    await test.step(`Convert: ${convert}`, () => testText(scene, convert, expected));
  }
  for (const name of ["otlp_v1", "otlp_log_v1"]) {
    await test.step(`Convert: ${name} as JSON, tags renamed`, () => testOtlpJson(scene, name));
  }
  await test.step("Convert: otlp_v1 as Protocol Buffers", () => testOtlpProtobuf(scene));
  await test.step("in Kubernetes, by a variable, tags of containers have other names", () =>
    testKubernetesNames(scene));
  await test.step("flusher_kafka, with keys as version 1 names them", () => testVersion1(scene));
  await test.step("what does not go together ends the agent with the reason", () => testRefused(scene));
});
