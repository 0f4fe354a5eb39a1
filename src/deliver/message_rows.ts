/**
 * The rows that a flusher has the kernel render: those of a batch as they were decoded, by the template of its fields, or, where
 * processors have made texts of the records or there is no template, the messages themselves, portion by portion.
 *
 * @module
 */
import { type Batch, type Field, runsOf } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { recordTexts } from "../kernel/record_texts.ts";
import { Template } from "../kernel/template.ts";
import { MESSAGE_COLUMN } from "../kernel/text_rows.ts";
import type { MessageForm } from "./message_form.ts";

/** Rows of the kernel, all to be rendered by one template. */
export interface MessageRows {
  readonly template: Template;
  readonly rowFrom: number;
  readonly rowTo: number;
}

/** Takes a message that is longer than any batch may be, and which of the records it is where these are text. */
export type RefuseMessage = (message: string | Uint8Array, index: number) => void;

/** What is a message already. */
const MESSAGE_TEMPLATE = new Template([{ kind: "verbatim", column: MESSAGE_COLUMN }]);

/** Knows the templates of the sources that a flusher has seen, as long as their field lists live. */
export class MessageRowsMaker {
  readonly #kernel: Kernel;
  readonly #form: MessageForm;
  readonly #templates = new WeakMap<readonly Field[], { readonly template: Template | undefined }>();

  constructor(kernel: Kernel, form: MessageForm) {
    this.#kernel = kernel;
    this.#form = form;
  }

  /** The rows of a batch; each portion must be rendered before the next is asked for. */
  rowsOf(batch: Batch, refuse: RefuseMessage): Iterable<MessageRows> {
    const portions = batch.records === undefined ? this.#tryPortions(batch) : undefined;
    return portions ?? this.textRows(batch.records ?? recordTexts(this.#kernel, batch), refuse);
  }

  /**
   * The rows of records that are text; each portion must be rendered before the next is asked for.
   *
   * @param keys one for each record, to be found in the kernel's `KEY_COLUMN`; undefined: there are none.
   */
  *textRows(records: readonly LogRecord[], refuse: RefuseMessage, keys?: readonly string[]): Generator<MessageRows> {
    const messages = records.map((record) => this.#form.message(record));
    for (let from = 0; from < messages.length;) {
      const rows = this.#kernel.setTexts(messages, from, keys);
      if (rows === 0) refuse(messages[from], from++);
      else yield { template: MESSAGE_TEMPLATE, rowFrom: 0, rowTo: rows };
      from += rows;
    }
  }

  /** @returns undefined where some of the rows have no template. */
  #tryPortions(batch: Batch): readonly MessageRows[] | undefined {
    const portions: MessageRows[] = [];
    for (const { fields, rowFrom, rowTo } of runsOf(batch)) {
      const template = this.#tryTemplate(fields);
      if (template === undefined) return undefined;
      portions.push({ template, rowFrom, rowTo });
    }
    return portions;
  }

  #tryTemplate(fields: readonly Field[]): Template | undefined {
    const known = this.#templates.get(fields);
    if (known !== undefined) return known.template;
    const template = this.#form.template(fields);
    this.#templates.set(fields, { template });
    return template;
  }
}
