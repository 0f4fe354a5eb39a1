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
  /**
   * The message of records with these fields, for the kernel to render; undefined where that is not possible, and every record has to
   * be made text for `message`.
   */
  template(fields: readonly Field[]): Template | undefined;
  /** The message of a record that is text already; a text is sent in UTF-8. */
  message(record: LogRecord): string | Uint8Array;
}
