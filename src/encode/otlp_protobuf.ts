/**
 * OpenTelemetry's log records in protocol buffers. Lengths come before what they count, so there is no template of it: every message
 * is made from the record as text. What a record is made of is said in `otlp_record.ts`; the numbers of the fields are those of
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto and `common.proto` beside it.
 *
 * @module
 */
import protobuf from "protobufjs/light.js";
import type { LogRecord, RecordField } from "../core/record.ts";
import { type OtlpRecord, otlpRecord, SCOPE_NAME } from "./otlp_record.ts";
import { PlanMaker, type PlanValue } from "./plan.ts";
import type { TagRules } from "./split_fields.ts";

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const WORD_BITS = 32n;
/** How a value is written: as 64 bits, or as bytes after their length (https://protobuf.dev/programming-guides/encoding/). */
const WIRE_TYPE = { fixed64: 1, bytes: 2 } as const;

/** Writes what is inside of a message. */
type WriteInside = (writer: protobuf.Writer) => void;

/** The form of Protocol `otlp_v1` and Encoding `protobuf`. */
export class OtlpProtobufForm {
  readonly #plans: PlanMaker<OtlpRecord>;

  constructor(rules: TagRules) {
    this.#plans = new PlanMaker((names) => otlpRecord(names, rules));
  }

  /** There is none. */
  template(): undefined {
    return undefined;
  }

  /** @returns an `ExportLogsServiceRequest` of one record. */
  message(record: LogRecord): Uint8Array {
    const writer = protobuf.Writer.create();
    const plan = this.#plans.planOf(record.fields);
    writeMessage(writer, 1, (resourceLogs) => {
      writeMessage(resourceLogs, 1, (resource) => writeAttributes(resource, 1, plan.resource, record.fields));
      writeMessage(resourceLogs, 2, (scopeLogs) => {
        writeMessage(scopeLogs, 1, (scope) => writeText(scope, 1, SCOPE_NAME));
        writeMessage(scopeLogs, 2, (logRecord) => writeLogRecord(logRecord, plan, record));
      });
    });
    return writer.finish();
  }
}

function writeLogRecord(writer: protobuf.Writer, { body, attributes }: OtlpRecord, record: LogRecord): void {
  writeTime(writer, 1, record.seconds);
  if (body !== undefined) writeAnyValue(writer, 5, body, record.fields);
  writeAttributes(writer, 6, attributes, record.fields);
  writeTime(writer, 11, record.seconds);
}

function writeAttributes(
  writer: protobuf.Writer,
  number: number,
  values: ReadonlyMap<string, PlanValue>,
  fields: readonly RecordField[],
): void {
  for (const [name, value] of values) {
    writeMessage(writer, number, (keyValue) => {
      writeText(keyValue, 1, name);
      writeAnyValue(keyValue, 2, value, fields);
    });
  }
}

function writeAnyValue(
  writer: protobuf.Writer,
  number: number,
  value: PlanValue,
  fields: readonly RecordField[],
): void {
  writeMessage(writer, number, (any) => writeText(any, 1, "field" in value ? fields[value.field].value : value.text));
}

function writeMessage(writer: protobuf.Writer, number: number, writeInside: WriteInside): void {
  writeTag(writer, number, WIRE_TYPE.bytes).fork();
  writeInside(writer);
  writer.ldelim();
}

/** Half of a character would be bytes that are no UTF-8, and those no protocol buffer takes. */
function writeText(writer: protobuf.Writer, number: number, text: string): void {
  writeTag(writer, number, WIRE_TYPE.bytes).string(text.toWellFormed());
}

/** Nanoseconds since the epoch, in two words because numbers end at 2^53. */
function writeTime(writer: protobuf.Writer, number: number, seconds: number): void {
  const nanoseconds = BigInt.asUintN(64, BigInt(Math.trunc(seconds)) * NANOSECONDS_PER_SECOND);
  writeTag(writer, number, WIRE_TYPE.fixed64)
    .fixed32(Number(BigInt.asUintN(32, nanoseconds)))
    .fixed32(Number(nanoseconds >> WORD_BITS));
}

function writeTag(writer: protobuf.Writer, number: number, wireType: number): protobuf.Writer {
  return writer.uint32((number << 3) | wireType);
}
