/**
 * How records become messages: what `encode` provides and flushers are given.
 *
 * @module
 */
import type { Field } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import type { Template } from "../kernel/template.ts";

/** One form of messages. Both ways give the same bytes for the same fields. */
export interface MessageForm {
  /** The message of records with these fields, for the kernel to render. */
  template(fields: readonly Field[]): Template;
  /** The message of a record that is text already. */
  text(record: LogRecord): string;
}
