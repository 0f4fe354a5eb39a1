/**
 * The rows that a flusher has the kernel render: those of a batch as they were decoded, by the template of its fields, or, where
 * processors have made texts of the records, the messages themselves, portion by portion.
 *
 * @module
 */
import type { Batch, Field } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Template } from "../kernel/template.ts";
import type { MessageForm } from "./message_form.ts";

/** Rows of the kernel, all to be rendered by one template. */
export interface MessageRows {
  readonly template: Template;
  readonly rows: number;
}

/** Takes a message that is longer than any batch may be. */
export type RefuseMessage = (message: string) => void;

/** What is column 0 already. */
const MESSAGE_TEMPLATE = new Template([{ kind: "verbatim", column: 0 }]);

/** Knows the templates of the sources that a flusher has seen, as long as their field lists live. */
export class MessageRowsMaker {
  readonly #kernel: Kernel;
  readonly #form: MessageForm;
  readonly #templates = new WeakMap<readonly Field[], Template>();

  constructor(kernel: Kernel, form: MessageForm) {
    this.#kernel = kernel;
    this.#form = form;
  }

  /** The rows of a batch; each portion must be rendered before the next is asked for. */
  *rowsOf(batch: Batch, refuse: RefuseMessage): Generator<MessageRows> {
    if (batch.records === undefined) yield { template: this.#template(batch.fields), rows: batch.rows };
    else yield* this.#textRows(batch.records, refuse);
  }

  *#textRows(records: readonly LogRecord[], refuse: RefuseMessage): Generator<MessageRows> {
    const messages = records.map((record) => this.#form.text(record));
    for (let from = 0; from < messages.length;) {
      const rows = this.#kernel.setTexts(messages, from);
      if (rows === 0) refuse(messages[from++]);
      else yield { template: MESSAGE_TEMPLATE, rows };
      from += rows;
    }
  }

  #template(fields: readonly Field[]): Template {
    const known = this.#templates.get(fields);
    if (known !== undefined) return known;
    const template = this.#form.template(fields);
    this.#templates.set(fields, template);
    return template;
  }
}
