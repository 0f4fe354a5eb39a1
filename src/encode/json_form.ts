/**
 * A message form that is JSON, by its plan: as the template of a source, for the kernel to render, and as the text of a record. The
 * forms themselves are the plans, in the files beside this one.
 *
 * @module
 */
import type { Field } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import type { Template, TemplatePiece } from "../kernel/template.ts";
import { jsonString } from "./json_text.ts";
import { type MakePlan, PlanMaker, type PlanPiece, type PlanValue } from "./plan.ts";
import { tryTemplate } from "./try_template.ts";

/** The pieces of a message. */
export type JsonPlan = readonly PlanPiece[];

/** Messages of one form. Both ways give the same bytes for the same fields. */
export class JsonForm {
  readonly #makePlan: MakePlan<JsonPlan>;
  readonly #plans: PlanMaker<JsonPlan>;

  constructor(makePlan: MakePlan<JsonPlan>) {
    this.#makePlan = makePlan;
    this.#plans = new PlanMaker(makePlan);
  }

  /** @returns undefined where the constants are too large for a template. */
  template(fields: readonly Field[]): Template | undefined {
    return tryTemplate(jsonPieces(this.#makePlan(fields.map(({ name }) => name)), fields));
  }

  /** The message of a record that is text already. */
  message({ seconds, fields }: LogRecord): string {
    let text = "";
    for (const piece of this.#plans.planOf(fields)) {
      if (typeof piece === "string") text += piece;
      else if ("time" in piece) text += seconds;
      else text += jsonString("field" in piece ? fields[piece.field].value : piece.text);
    }
    return text;
  }
}

/** The pieces of a template: texts for what is the same in every record of `fields`. */
export function jsonPieces(plan: JsonPlan, fields: readonly Field[]): (string | TemplatePiece)[] {
  return plan.flatMap((piece): (string | TemplatePiece)[] => {
    if (typeof piece === "string") return [piece];
    return "time" in piece ? [{ kind: "seconds" }] : valuePieces(piece, fields);
  });
}

function valuePieces(value: PlanValue, fields: readonly Field[]): (string | TemplatePiece)[] {
  const field = "field" in value ? fields[value.field] : value;
  if ("text" in field) return [jsonString(field.text)];
  return ['"', { kind: field.escape ? "escaped" : "verbatim", column: field.column }, '"'];
}
