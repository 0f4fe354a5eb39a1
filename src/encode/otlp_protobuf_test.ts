import { assertEquals } from "@std/assert";
import protobuf from "protobufjs/light.js";
import { FILE_RECORD, OUTPUT_RECORD, PLAIN_RULES, recordOf } from "../../tests/support/form_records.ts";
import type { LogRecord } from "../core/record.ts";
import { otlpJson } from "./otlp_json.ts";
import { OtlpProtobufForm } from "./otlp_protobuf.ts";

/** The part of the schema that is used, as published; times are read as bytes, because numbers end at 2^53. */
const SCHEMA = protobuf.Root.fromJSON({
  nested: {
    ExportLogsServiceRequest: { fields: { resourceLogs: { rule: "repeated", type: "ResourceLogs", id: 1 } } },
    ResourceLogs: {
      fields: { resource: { type: "Resource", id: 1 }, scopeLogs: { rule: "repeated", type: "ScopeLogs", id: 2 } },
    },
    Resource: { fields: { attributes: { rule: "repeated", type: "KeyValue", id: 1 } } },
    ScopeLogs: {
      fields: { scope: { type: "Scope", id: 1 }, logRecords: { rule: "repeated", type: "LogRecord", id: 2 } },
    },
    Scope: { fields: { name: { type: "string", id: 1 } } },
    LogRecord: {
      fields: {
        timeUnixNano: { type: "fixed64", id: 1 },
        observedTimeUnixNano: { type: "fixed64", id: 11 },
        body: { type: "AnyValue", id: 5 },
        attributes: { rule: "repeated", type: "KeyValue", id: 6 },
      },
    },
    KeyValue: { fields: { key: { type: "string", id: 1 }, value: { type: "AnyValue", id: 2 } } },
    AnyValue: { fields: { stringValue: { type: "string", id: 1 } } },
  },
}).lookupType("ExportLogsServiceRequest");

/** A message as the objects of its JSON form; times lose their last digits on both sides. */
function decoded(record: LogRecord): unknown {
  const message = SCHEMA.decode(new OtlpProtobufForm(PLAIN_RULES).message(record));
  return withRoundedTimes(SCHEMA.toObject(message, { longs: String, arrays: true }));
}

function withRoundedTimes(given: unknown): unknown {
  return JSON.parse(JSON.stringify(given), (key, value) => key.endsWith("UnixNano") ? Number(value) : value);
}

Deno.test("a message says the same as its form in JSON", () => {
  const cases = [
    OUTPUT_RECORD,
    FILE_RECORD,
    recordOf([], 0),
    recordOf([["content", ""], ["a", ""]], 4_294_967_295),
    recordOf([["content", `${"é".repeat(100)}😀\0"`], ["n".repeat(300), "v".repeat(70_000)]], 1),
    recordOf([["content", "\ud800"], ["\udc00", "x"]]),
  ];
  for (const record of cases) {
    assertEquals(decoded(record), withRoundedTimes(JSON.parse(otlpJson(PLAIN_RULES).message(record))));
  }
});

Deno.test("times are exact: two words of 32 bits, the lower first", () => {
  const bytes = new OtlpProtobufForm(PLAIN_RULES).message(recordOf([], 1657727154));
  const nanoseconds = new Uint8Array(8);
  new DataView(nanoseconds.buffer).setBigUint64(0, 1657727154000000000n, true);
  const logRecord = [1 << 3 | 1, ...nanoseconds, 11 << 3 | 1, ...nanoseconds];
  assertEquals([...bytes.slice(-logRecord.length)], logRecord);
});

Deno.test("there is no template: lengths come before what they count", () => {
  assertEquals(new OtlpProtobufForm(PLAIN_RULES).template(), undefined);
});
