/**
 * The message form of the original's `flusher_stdout` with `KeyValuePairs`: one flat object, fields in record order, then the time in
 * whole seconds as text. A name that a record has twice is there twice
 * (https://github.com/alibaba/loongcollector/blob/main/plugins/flusher/stdout/flusher_stdout.go).
 *
 * @module
 */
import { JsonForm } from "./json_form.ts";
import { jsonString } from "./json_text.ts";
import { type PlanPiece, SECONDS } from "./plan.ts";

/** `{"content":"…",…,"__time__":"1657727155"}` */
export function keyValueForm(): JsonForm {
  return new JsonForm((names) => {
    const fields = names.flatMap((name, field): PlanPiece[] => [`${jsonString(name)}:`, { field }, ","]);
    return ["{", ...fields, '"__time__":"', SECONDS, '"}'];
  });
}
