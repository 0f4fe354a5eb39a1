/**
 * OpenTelemetry's log records in JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): 64-bit numbers are texts.
 * What a record is made of is said in `otlp_record.ts`.
 *
 * @module
 */
import { JsonForm } from "./json_form.ts";
import { jsonString } from "./json_text.ts";
import { otlpRecord, SCOPE_NAME } from "./otlp_record.ts";
import { type PlanPiece, type PlanValue, SECONDS } from "./plan.ts";
import type { TagRules } from "./split_fields.ts";

/** Seconds as a text of nanoseconds. */
const NANOSECONDS: readonly PlanPiece[] = ['"', SECONDS, '000000000"'];

/** The form of Protocol `otlp_v1` and Encoding `json`. */
export function otlpJson(rules: TagRules): JsonForm {
  return new JsonForm((names) => {
    const { resource, body, attributes } = otlpRecord(names, rules);
    return [
      '{"resourceLogs":[{"resource":{"attributes":',
      ...attributeList(resource),
      `},"scopeLogs":[{"scope":{"name":${jsonString(SCOPE_NAME)}},"logRecords":[{"timeUnixNano":`,
      ...NANOSECONDS,
      ',"observedTimeUnixNano":',
      ...NANOSECONDS,
      ...(body === undefined ? [] : [',"body":', ...anyValue(body)]),
      ',"attributes":',
      ...attributeList(attributes),
      "}]}]}]}",
    ];
  });
}

function attributeList(values: ReadonlyMap<string, PlanValue>): PlanPiece[] {
  const attributes = [...values].flatMap(([name, value], index): PlanPiece[] => {
    return [`${index === 0 ? "" : ","}{"key":${jsonString(name)},"value":`, ...anyValue(value), "}"];
  });
  return ["[", ...attributes, "]"];
}

function anyValue(value: PlanValue): PlanPiece[] {
  return ['{"stringValue":', value, "}"];
}
