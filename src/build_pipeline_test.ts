import { assertEquals } from "@std/assert";
import { ClockEnv } from "../tests/support/clock_env.ts";
import { RecordingLog } from "../tests/support/recording_log.ts";
import { buildPipeline } from "./build_pipeline.ts";
import { validateTexts } from "./config/validate.ts";
import { DeadLetters } from "./deliver/dead_letters.ts";
import { ProducerPool } from "./deliver/kafka/producer_pool.ts";
import { compileKernel } from "./kernel/kernel.ts";
import { plugins } from "./plugins.ts";

const KAFKA = "Type: flusher_kafka_v2, Brokers: ['kafka:9092']";

function build(processors: string, flushers: string, printToStdout = false) {
  const text = `inputs: [{Type: service_docker_stdout}]\nprocessors: [${processors}]\nflushers: [${flushers}]\n`;
  const { pipelines, problems } = validateTexts([{ path: "p.yaml", name: "p", text }], plugins);
  assertEquals(problems.filter(({ severity }) => severity === "error"), []);
  const [env, log] = [new ClockEnv(), new RecordingLog()];
  const shared = { env, log, module: compileKernel(), producers: new ProducerPool(env, log) };
  const deadLetters = new DeadLetters("/nowhere", env, log);
  return buildPipeline(pipelines[0], { ...shared, deadLetters, hostRoot: "/host", printToStdout });
}

const TAKES_JSON_TEXT: readonly (readonly [processors: string, flushers: string, expected: boolean])[] = [
  ["", `{${KAFKA}, Topic: t}`, true],
  ["", `{${KAFKA}, Topic: t, Convert: {Protocol: custom_single_flatten}}`, true],
  ["", `{${KAFKA}, Topic: t, Convert: {Protocol: otlp_v1, Encoding: json}}`, true],
  ["", "{Type: flusher_stdout}, {Type: flusher_file, FilePath: /logs/a}", true],
  ["{Type: processor_add_fields, Fields: {a: b}}", `{${KAFKA}, Topic: t}`, true],
  ["{Type: processor_rename, SourceKeys: [content], DestKeys: [message]}", `{${KAFKA}, Topic: t}`, true],
  ["{Type: processor_drop, DropKeys: [_time_]}", `{${KAFKA}, Topic: t}`, true],
  ["{Type: processor_json, SourceKey: content}", `{${KAFKA}, Topic: t}`, false],
  ["{Type: processor_filter_regex, Include: {content: a}}", `{${KAFKA}, Topic: t}`, false],
  ["", `{${KAFKA}, Topic: t, Convert: {Protocol: raw}}`, false],
  ["", `{${KAFKA}, Topic: t, Convert: {Protocol: otlp_v1, Encoding: protobuf}}`, false],
  ["", `{${KAFKA}, Topic: "t-%{tag.k8s.pod.name}"}`, true],
  ["", `{${KAFKA}, Topic: "t-%{content.content}"}`, false],
  ["", `{${KAFKA}, Topic: t, PartitionerType: hash, HashKeys: [content.content]}`, false],
  ["", `{Type: flusher_stdout}, {${KAFKA}, Topic: t, Convert: {Protocol: raw}}`, false],
];

for (const [processors, flushers, expected] of TAKES_JSON_TEXT) {
  Deno.test(`${expected ? "nobody looks" : "somebody looks"} at contents of [${processors}] ${flushers}`, () => {
    assertEquals(build(processors, flushers).takesJsonText, expected);
  });
}

Deno.test("what is printed instead of being sent is looked at by nobody, whatever would be sent", () => {
  assertEquals(build("", `{${KAFKA}, Topic: t, Convert: {Protocol: raw}}`, true).takesJsonText, true);
});
