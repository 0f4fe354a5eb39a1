/**
 * The form `custom_single_flatten`: one object of content, tags and time, in which a tag takes the place of a content of its name, and
 * the time that of both; names sorted by their bytes. `jsonline` is the same, because a message is one record here: the original
 * joins several with newlines, in no order.
 * Source: https://github.com/alibaba/loongcollector/blob/main/pkg/protocol/converter/converter_single_log_flatten.go,
 * https://github.com/alibaba/ilogtail/blob/main/pkg/protocol/converter/jsonline.go
 *
 * @module
 */
import { JsonForm } from "./json_form.ts";
import { sortedObject } from "./json_text.ts";
import { type PlanPiece, SECONDS } from "./plan.ts";
import { splitFields, type TagRules } from "./split_fields.ts";

/** The form with this name for the time. */
export function customSingleFlatten(rules: TagRules, timeName: string): JsonForm {
  return new JsonForm((fieldNames) => {
    const { contents, tags } = splitFields(fieldNames, rules);
    const values = [...contents, ...tags].map(([name, value]): [string, readonly PlanPiece[]] => [name, [value]]);
    return sortedObject(new Map<string, readonly PlanPiece[]>([...values, [timeName, [SECONDS]]]));
  });
}
