/**
 * The walk-through's first part, for real: pods in containerd, its pipelines as written, with and without the regular expression of its
 * fourth step, messages in Kafka.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { dirname, fromFileUrl } from "@std/path";
import { walkThroughPipelines } from "../demo/pipelines.ts";
import { CONTAINERD_REQUIREMENT, containerdRequirement, TestContainerd, type TestPod } from "../support/containerd.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { needs } from "../support/requirement.ts";
import { pipelinesOf } from "../support/manifests.ts";
import { TestSluice } from "../support/sluice.ts";

const projectDirectory = dirname(dirname(dirname(fromFileUrl(import.meta.url))));
const HOST_IP = "10.223.0.154";
const ACCESS = '::1 - - [13/Jul/2022:15:45:54 +0000] "GET /hello/ilogtail HTTP/1.1" 404 153 "-" "curl/7.74.0" "-"';
const ERROR = '2022/07/13 15:46:29 [error] 32#32: *6 open() "/usr/share/nginx/html/hello/ilogtail" failed ' +
  '(2: No such file or directory), client: ::1, server: localhost, request: "GET /hello/ilogtail HTTP/1.1", host: "localhost"';
/** Half of the lines come before the agent looks, half after. */
const SCRIPT = `echo '${ACCESS}'; echo '${ERROR}' >&2; sleep 8; echo '${ACCESS}'; echo '${ERROR}' >&2; ` +
  `printf 'no newline'; head -c 40000 /dev/zero | tr '\\0' 'x'; echo; sleep 1000`;

/** A message of the walk-through's form with its two times replaced, which differ from run to run. */
function maskTimes(message: string): string {
  return message.replace(/^\{"Time":\d{10},/, '{"Time":T,')
    .replace(/"_time_","Value":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(Z|[+-]\d\d:\d\d)"/, '"_time_","Value":"T"');
}

/** What the fourth step makes of {@link ACCESS}. */
const PARSED = {
  remote_addr: "::1",
  remote_user: "-",
  time_local: "13/Jul/2022:15:45:54",
  method: "GET",
  path: "/hello/ilogtail",
  protocol: "HTTP/1.1",
  status: "404",
  body_bytes_sent: "153",
  http_referer: "-",
  http_user_agent: "curl/7.74.0",
  http_x_forwarded_for: "-",
};

/** The message of a line that the fourth step has parsed: the metadata first, then the eleven fields. */
function expectedParsed(pod: TestPod): string {
  const fields = Object.entries(PARSED).map(([Key, Value]) => `,${JSON.stringify({ Key, Value })}`).join("");
  return expected("", "stdout", pod).replace('{"Key":"content","Value":""},', "").replace(/]}$/, `${fields}]}`);
}

function expected(content: string, stream: string, pod: TestPod): string {
  return `{"Time":T,"Contents":[{"Key":"content","Value":${JSON.stringify(content)}},{"Key":"_time_","Value":"T"},` +
    `{"Key":"_source_","Value":"${stream}"},{"Key":"_image_name_","Value":"docker.io/library/nginx:latest"},` +
    `{"Key":"_container_name_","Value":"nginx"},{"Key":"_pod_name_","Value":"${pod.name}"},` +
    `{"Key":"_namespace_","Value":"default"},{"Key":"_pod_uid_","Value":"${pod.uid}"},` +
    `{"Key":"_container_ip_","Value":"${HOST_IP}"}]}`;
}

Deno.test("two nginx pods in containerd: access-log and error-log hold exactly the walk-through's messages, in its fourth step, too", async () => {
  if (!needs(CONTAINERD_REQUIREMENT, containerdRequirement()) || !needs("Java and Kafka", kafkaRequirement())) return;
  await using containerd = await TestContainerd.start();
  await using kafka = await TestKafka.start();
  for (const topic of ["access-log", "error-log"]) await kafka.createTopic(topic, 2);
  const pods = await Promise.all(["nginx-76d49876c7-r892w", "nginx-76d49876c7-x5k2p"].map((name) =>
    containerd.runPod({
      name,
      namespace: "default",
      labels: { app: "nginx" },
      containers: [{ name: "nginx", command: ["/bin/sh", "-c", SCRIPT] }],
    })
  ));
  await containerd.runPod({
    name: "other-1",
    namespace: "default",
    labels: { app: "other" },
    containers: [{ name: "nginx", command: ["/bin/sh", "-c", SCRIPT] }],
  });
  await using sluice = await TestSluice.prepare({
    pipelines: walkThroughPipelines(projectDirectory, kafka.brokers),
    containerdSocket: containerd.socketPath,
    hostIp: HOST_IP,
  });
  sluice.start();
  const read = async (topic: string, count: number) => {
    const messages = await kafka.consumeAll(topic, { count, timeoutMs: 60_000 });
    return messages.map(({ value }) => new TextDecoder().decode(value!)).toSorted();
  };
  const access = await read("access-log", 6);
  const errors = await read("error-log", 4);
  assertEquals(await sluice.stop(), 0);
  // Nothing more has come with the end.
  assertEquals(await read("access-log", 6), access);
  for (const message of [...access, ...errors]) {
    const { Time, Contents } = JSON.parse(message);
    assertEquals(Time, Math.floor(Date.parse(Contents[1].Value.replace(/\.\d+/, "")) / 1000));
  }
  const long = "no newline" + "x".repeat(40_000);
  const wanted = pods.flatMap((pod) => [ACCESS, ACCESS, long].map((content) => expected(content, "stdout", pod)));
  assertEquals(access.map(maskTimes).toSorted(), wanted.toSorted());
  const wantedErrors = pods.flatMap((pod) => [ERROR, ERROR].map((content) => expected(content, "stderr", pod)));
  assertEquals(errors.map(maskTimes).toSorted(), wantedErrors.toSorted());

  // An agent that knows nothing of the first reads the same lines.
  await using processing = await TestSluice.prepare({
    pipelines: pipelinesOf(projectDirectory, "ilogtail-user-configmap-processor.yaml", kafka.brokers),
    containerdSocket: containerd.socketPath,
    hostIp: HOST_IP,
  });
  processing.start();
  const parsed = (await read("access-log", 12)).filter((message) => !access.includes(message));
  assertEquals(await processing.stop(), 0);
  assertEquals(parsed.map(maskTimes).toSorted(), pods.flatMap((pod) => Array(2).fill(expectedParsed(pod))).toSorted());
});
