/**
 * The form `raw`: the field `content` and nothing else, its bytes as they were read; a record without one is an empty message. The
 * original passes on the bytes of a whole read, several records at once
 * (https://github.com/alibaba/ilogtail/blob/main/pkg/protocol/converter/converter_raw.go).
 *
 * @module
 */
import type { Field } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import type { Template } from "../kernel/template.ts";
import { tryTemplate } from "./try_template.ts";

const CONTENT = "content";

/** Messages that are the content. */
export class RawForm {
  /** Bytes that are no UTF-8 stay what they are. @returns undefined where a constant content is too large for a template, or escaped. */
  template(fields: readonly Field[]): Template | undefined {
    const field = fields.findLast(({ name }) => name === CONTENT);
    if (field === undefined) return tryTemplate([]);
    if ("text" in field) return tryTemplate([field.text]);
    return field.isJsonText ? undefined : tryTemplate([{ kind: "verbatim", column: field.column }]);
  }

  /** What was no UTF-8 has become U+FFFD already, when the record was made text. */
  message({ fields }: LogRecord): string {
    return fields.findLast(({ name }) => name === CONTENT)?.value ?? "";
  }
}
