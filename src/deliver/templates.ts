/**
 * The templates of the sources that a flusher has seen, one per field list.
 *
 * @module
 */
import type { Field } from "../core/batch.ts";
import type { Template } from "../kernel/template.ts";

/** Makes the template of records with these fields: what `encode` provides. */
export type MakeTemplate = (fields: readonly Field[]) => Template;

/** Remembers templates as long as their field lists live. */
export class Templates {
  readonly #made = new WeakMap<readonly Field[], Template>();
  readonly #make: MakeTemplate;

  constructor(make: MakeTemplate) {
    this.#make = make;
  }

  get(fields: readonly Field[]): Template {
    const known = this.#made.get(fields);
    if (known !== undefined) return known;
    const template = this.#make(fields);
    this.#made.set(fields, template);
    return template;
  }
}
