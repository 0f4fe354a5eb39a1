/**
 * The message form of the original's tutorial and of its `flusher_stdout`: `{"Time":…,"Contents":[{"Key":…,"Value":…},…]}`, fields in
 * record order, time in whole seconds
 * (https://github.com/alibaba/ilogtail/blob/main/docs/en/getting-started/k8s-daemonset-to-kafka.md).
 *
 * @module
 */
import { invariant } from "../core/assert.ts";
import type { Field } from "../core/batch.ts";
import type { Template } from "../kernel/template.ts";
import { JsonForm } from "./json_form.ts";
import { jsonString } from "./json_text.ts";
import { type PlanPiece, SECONDS } from "./plan.ts";

/** The form `tutorial`. */
export function tutorialForm(): JsonForm {
  return new JsonForm(tutorialPlan);
}

/** The template of records with `fields`, whose constants are small; for benchmarks of the kernel. */
export function tutorialTemplate(fields: readonly Field[]): Template {
  const template = tutorialForm().template(fields);
  invariant(template !== undefined, "the fields are too large for a template");
  return template;
}

function tutorialPlan(names: readonly string[]): PlanPiece[] {
  const fields = names.flatMap((name, field): PlanPiece[] => {
    return [`${field === 0 ? "" : ","}{"Key":${jsonString(name)},"Value":`, { field }, "}"];
  });
  return ['{"Time":', SECONDS, ',"Contents":[', ...fields, "]}"];
}
