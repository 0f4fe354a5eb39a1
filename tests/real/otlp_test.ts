/**
 * Messages in OpenTelemetry's form, read by the Collector's own decoder.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { LogRecord } from "../../src/core/record.ts";
import { CONVERT_DEFAULT } from "../../src/deliver/convert_options.ts";
import { makeForm } from "../../src/make_form.ts";
import { FILE_RECORD, OUTPUT_RECORD, recordOf } from "../support/form_records.ts";
import { canBuildOtlpDecoder, type CollectorRecord, OtlpDecoder, type OtlpEncoding } from "../support/otlp_decoder.ts";
import { seededRandom } from "../support/random.ts";
import { needs } from "../support/requirement.ts";

const HOST_IP = "172.10.0.56";
const ENCODINGS: readonly OtlpEncoding[] = ["json", "protobuf"];

/** Records, and what a Collector is to see of them. */
const CASES: readonly (readonly [record: LogRecord, seen: CollectorRecord])[] = [
  [OUTPUT_RECORD, {
    Resource: {
      "container.image.name": "nginx:latest",
      "container.ip": "10.223.0.154",
      "container.name": "nginx",
      "host.ip": HOST_IP,
      "k8s.namespace.name": "default",
      "k8s.pod.name": "nginx-1",
      "k8s.pod.uid": "07f75a79",
    },
    Scope: "sluice",
    Time: "1657727154000000000",
    ObservedTime: "1657727154000000000",
    BodyType: "Str",
    Body: 'GET "/" <ok>',
    Attributes: { _time_: "2022-07-13T23:45:54.976593653+08:00", _source_: "stdout" },
  }],
  [FILE_RECORD, {
    Resource: {
      "host.ip": HOST_IP,
      "k8s.pod.name": "shop-1",
      label: "tag",
      "log.file.path": "/root/example.log",
      "log.topic": "file",
    },
    Scope: "sluice",
    Time: "1657727154000000000",
    ObservedTime: "1657727154000000000",
    BodyType: "Str",
    Body: "PUT",
    Attributes: {},
  }],
  [recordOf([["a", '\0\x1f"\\é😀\u2028\ud800']], 4_294_967_295), {
    Resource: { "host.ip": HOST_IP },
    Scope: "sluice",
    Time: "4294967295000000000",
    ObservedTime: "4294967295000000000",
    BodyType: "Empty",
    Body: "",
    Attributes: { a: '\0\x1f"\\é😀\u2028\ufffd' },
  }],
  [recordOf([["content", ""], ["content", "later"], ["", "no name"]], 0), {
    Resource: { "host.ip": HOST_IP },
    Scope: "sluice",
    Time: "0",
    ObservedTime: "0",
    BodyType: "Str",
    Body: "later",
    Attributes: { "": "no name" },
  }],
];

function formOf(encoding: OtlpEncoding) {
  const form = encoding === "json" ? "otlp_json" : "otlp_protobuf";
  return makeForm({ ...CONVERT_DEFAULT, form }, { hostIp: HOST_IP, tryVariable: () => undefined });
}

/** What a Collector sees, of one log record per message. */
async function seen(decoder: OtlpDecoder, encoding: OtlpEncoding, records: readonly LogRecord[]) {
  const form = formOf(encoding);
  const answers = await decoder.decode(encoding, records.map((record) => form.message(record)));
  assertEquals(answers.filter((answer) => answer.Error !== "" || answer.Records.length !== 1), []);
  return answers.map((answer) => answer.Records[0]);
}

Deno.test("the OpenTelemetry Collector reads both encodings", async (test) => {
  if (!needs("go and the modules of the OpenTelemetry Collector", await canBuildOtlpDecoder())) return;
  await using decoder = await OtlpDecoder.build();
  for (const encoding of ENCODINGS) {
    await test.step(`${encoding}: tags are the resource, the content is the body, the rest are attributes`, async () => {
      assertEquals(
        await seen(decoder, encoding, CASES.map(([record]) => record)),
        CASES.map(([, expected]) => expected),
      );
    });
  }
  await test.step("both encodings of random records are the same to it", async () => {
    const records = randomRecords(500);
    const [json, protobuf] = [await seen(decoder, "json", records), await seen(decoder, "protobuf", records)];
    assertEquals(json, protobuf);
    assertEquals(json.length, records.length);
  });
  await test.step("it refuses what is no message, so that the above means something", async () => {
    for (const encoding of ENCODINGS) {
      const [answer] = await decoder.decode(encoding, ['{"resourceLogs":[{"resource":']);
      assert(answer.Error !== "", encoding);
    }
  });
});

function randomRecords(count: number): LogRecord[] {
  const random = seededRandom("the Collector reads");
  const names = ["content", "_pod_name_", "__tag__:x", "a", "é\ud800", '"'];
  const values = ["", "a", '"\\\n\0', "é€😀", "\udc00", "x".repeat(20_000)];
  return Array.from({ length: count }, () => {
    const pairs = Array.from(
      { length: random.integer(0, 8) },
      () => [random.pick(names), random.pick(values)] as const,
    );
    return recordOf(pairs, random.integer(0, 2 ** 32 - 1));
  });
}
