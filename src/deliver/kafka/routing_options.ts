/**
 * The options that say which partition and topic a record goes to, and what it carries beside its message.
 *
 * @module
 */
import * as z from "zod";
import { type OptionType, scalar, text, textList, wrongValue } from "../../core/options.ts";
import type { RecordHeader } from "../../kernel/envelope.ts";
import { type FieldPath, tryFieldPath, tryTopicFault } from "./topic_pattern.ts";

/** How partitions are chosen; murmur2 is an addition: the choice of Java's clients. */
export const PARTITIONER_TYPES = ["random", "roundrobin", "hash", "murmur2"] as const;

/** Headers take their room in every record. */
const HEADERS_CHARS_MAX = 10_000;

/** `HashKeys`: `content.NAME` or `tag.NAME`; a bare name is that of a content, as in `flusher_kafka` of version 1. */
export function hashKeys(): OptionType<readonly FieldPath[]> {
  return textList("a list of fields").default([]).transform((given) =>
    given.map((name): FieldPath => tryFieldPath(name) ?? { kind: "content", name })
  );
}

/** `FallbackTopic`: where records go that lack a field that `Topic` names. */
export function fallbackTopic(): OptionType<string | undefined> {
  const schema = scalar("a topic's name", (name) => name).superRefine((name, context) => {
    const fault = tryTopicFault(name);
    if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
  });
  return schema.optional();
}

/** `Headers`: a list of `{key, value}`; one with an empty key is left out, as in the original. */
export function headers(): OptionType<readonly RecordHeader[]> {
  const header = z.object({ key: text(), value: text().default("") }, {
    error: (issue) => wrongValue("a map of key and value", issue.input),
  });
  const list = z.array(header, { error: (issue) => wrongValue("a list of {key, value}", issue.input) });
  return list.default([]).transform((given, context) => {
    const wanted = given.filter(({ key }) => key !== "");
    const chars = wanted.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
    if (chars <= HEADERS_CHARS_MAX) return wanted;
    const message = `must have at most ${HEADERS_CHARS_MAX} characters, which every record carries, not ${chars}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

/** Reports a partitioner without its keys. Keys without a partitioner that uses them change nothing, as in the original. */
export function checkRouting(
  given: { readonly PartitionerType: typeof PARTITIONER_TYPES[number]; readonly HashKeys: readonly FieldPath[] },
  context: z.RefinementCtx,
): void {
  const isHashed = given.PartitionerType === "hash" || given.PartitionerType === "murmur2";
  if (!isHashed || given.HashKeys.length > 0) return;
  const message = `missing: ${given.PartitionerType} needs the fields that make the key, such as content.request_id`;
  context.addIssue({ code: "custom", path: ["HashKeys"], message });
}
