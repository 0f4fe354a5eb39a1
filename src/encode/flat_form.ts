/**
 * The message form of the original's `flusher_file`: one flat object, the tags under their own names, the time in whole seconds, then
 * the other fields, each in record order. A name that a record has twice is there twice
 * (https://github.com/alibaba/loongcollector/blob/main/core/collection_pipeline/serializer/JsonSerializer.cpp).
 *
 * @module
 */
import { JsonForm } from "./json_form.ts";
import { jsonString } from "./json_text.ts";
import { type PlanPiece, SECONDS } from "./plan.ts";

/** What a record puts before the names of tags. */
const TAG_PREFIX = "__tag__:";

/** `{"__path__":"…","__time__":1657727155,"content":"…"}` */
export function flatForm(): JsonForm {
  return new JsonForm((names) => {
    const fields = names.map((name, field) => ({ name, field }));
    const tags = fields.filter(({ name }) => name.startsWith(TAG_PREFIX));
    const others = fields.filter(({ name }) => !name.startsWith(TAG_PREFIX));
    return [
      "{",
      ...tags.flatMap((
        { name, field },
      ): PlanPiece[] => [`${jsonString(name.slice(TAG_PREFIX.length))}:`, { field }, ","]),
      '"__time__":',
      SECONDS,
      ...others.flatMap(({ name, field }): PlanPiece[] => [`,${jsonString(name)}:`, { field }]),
      "}",
    ];
  });
}
