/**
 * The form `custom_single`: `{"contents":{…},"tags":{…},"time":…}`, an object of texts each for content and tags, the time in whole
 * seconds. Names are sorted by their bytes, on both levels.
 * Source: https://github.com/alibaba/loongcollector/blob/main/pkg/protocol/converter/custom_single_log.go
 *
 * @module
 */
import { JsonForm } from "./json_form.ts";
import { sortedObject } from "./json_text.ts";
import { type PlanPiece, type PlanValue, SECONDS } from "./plan.ts";
import { splitFields, type TagRules } from "./split_fields.ts";

/** What the parts of a message are called. */
export interface PartNames {
  readonly time: string;
  readonly contents: string;
  readonly tags: string;
}

/** The form with these names. Of parts that have one name the tags stay, or else the contents. */
export function customSingle(rules: TagRules, names: PartNames): JsonForm {
  return new JsonForm((fieldNames) => {
    const { contents, tags } = splitFields(fieldNames, rules);
    return sortedObject(
      new Map<string, readonly PlanPiece[]>([
        [names.time, [SECONDS]],
        [names.contents, objectOf(contents)],
        [names.tags, objectOf(tags)],
      ]),
    );
  });
}

function objectOf(values: ReadonlyMap<string, PlanValue>): PlanPiece[] {
  return sortedObject(new Map([...values].map(([name, value]) => [name, [value]])));
}
