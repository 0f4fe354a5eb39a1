/**
 * A record as OpenTelemetry has it: the tags describe its resource, under the names that `custom_single` gives them; the field
 * `content` is its body; the other fields are its attributes. Both encodings are an `ExportLogsServiceRequest` of one record, as the
 * Collector's Kafka receiver reads it (https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto).
 *
 * @module
 */
import type { PlanValue } from "./plan.ts";
import { splitFields, type TagRules } from "./split_fields.ts";

/** Who made the messages: the name of the instrumentation scope. */
export const SCOPE_NAME = "sluice";

/** The field whose value is the body. */
const BODY_FIELD = "content";

/** The parts of a record; names and values in the record's order. */
export interface OtlpRecord {
  readonly resource: ReadonlyMap<string, PlanValue>;
  /** Undefined where there is no content. */
  readonly body: PlanValue | undefined;
  readonly attributes: ReadonlyMap<string, PlanValue>;
}

/** Splits a record with fields of these names. */
export function otlpRecord(names: readonly string[], rules: TagRules): OtlpRecord {
  const { contents, tags } = splitFields(names, rules);
  const attributes = new Map(contents);
  attributes.delete(BODY_FIELD);
  return { resource: tags, body: contents.get(BODY_FIELD), attributes };
}
