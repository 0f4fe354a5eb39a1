/**
 * The form of messages that a flusher's option `Convert` asks for.
 *
 * @module
 */
import type { ConvertOptions } from "./deliver/convert_options.ts";
import type { FieldPlace, FieldPlaces } from "./deliver/kafka/record_router.ts";
import type { FieldPath } from "./deliver/kafka/topic_pattern.ts";
import type { MessageForm } from "./deliver/message_form.ts";
import { customSingle } from "./encode/custom_single.ts";
import { customSingleFlatten } from "./encode/custom_single_flatten.ts";
import { otlpJson } from "./encode/otlp_json.ts";
import { OtlpProtobufForm } from "./encode/otlp_protobuf.ts";
import { PlanMaker } from "./encode/plan.ts";
import { RawForm } from "./encode/raw_form.ts";
import { splitFields, type TagRules } from "./encode/split_fields.ts";
import { tutorialForm } from "./encode/tutorial_form.ts";

/** What forms ask of the agent's surroundings. */
export interface FormContext {
  /** The node's address; empty where nobody knows it. */
  readonly hostIp: string;
  /** Gives the value of a variable of the agent's environment. */
  readonly tryVariable: (name: string) => string | undefined;
}

/**
 * Says, with a value such as `true`, that tags of containers have the names of Kubernetes
 * (https://github.com/alibaba/loongcollector/blob/main/pkg/flags/flags.go).
 */
export const KUBERNETES_VARIABLE = "ALICLOUD_LOG_K8S_FLAG";

/** What the original takes for a yes (`InitFromEnvBool`). */
const YES = /^(y|t|on|ok)/i;

/** Makes the form; for one flusher. */
export function makeForm({ form, tagRename, partNames }: ConvertOptions, context: FormContext): MessageForm {
  const rules = tagRules(tagRename, context);
  switch (form) {
    case "tutorial":
      return tutorialForm();
    case "custom_single":
      return customSingle(rules, partNames);
    case "custom_single_flatten":
    case "jsonline":
      return customSingleFlatten(rules, partNames.time);
    case "raw":
      return new RawForm();
    case "otlp_json":
      return otlpJson(rules);
    case "otlp_protobuf":
      return new OtlpProtobufForm(rules);
  }
}

function tagRules(rename: ConvertOptions["tagRename"], { hostIp, tryVariable }: FormContext): TagRules {
  return {
    hostIp,
    rename: new Map(Object.entries(rename)),
    kubernetesNames: YES.test(tryVariable(KUBERNETES_VARIABLE) ?? ""),
  };
}

/**
 * Finds fields by what they are and are called in messages: a tag by its name after `TagFieldsRename`. What is not found so is looked for
 * by the name that it has in the record.
 */
export function makeFieldPlaces(
  { tagRename }: ConvertOptions,
  context: FormContext,
  paths: readonly FieldPath[],
): FieldPlaces {
  const rules = tagRules(tagRename, context);
  const plans = new PlanMaker((names) => paths.map((path) => tryPlace(path, names, rules)));
  return { find: (fields) => plans.planOf(fields) };
}

function tryPlace({ kind, name }: FieldPath, names: readonly string[], rules: TagRules): FieldPlace | undefined {
  const { contents, tags } = splitFields(names, rules);
  const found = kind === "tag" ? tags.get(name) : contents.get(name);
  const field = names.indexOf(name);
  return found ?? (field < 0 ? undefined : { field });
}
