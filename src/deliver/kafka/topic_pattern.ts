/**
 * The option `Topic`: a name, or one with places for the values of fields, such as `logs-%{tag.k8s.namespace.name}`.
 * Source: https://github.com/alibaba/loongcollector/blob/main/pkg/fmtstr/format_topic.go
 *
 * @module
 */
import * as z from "zod";
import { type OptionType, scalar } from "../../core/options.ts";

/** A field of a record by what it is and how it is called in messages. */
export interface FieldPath {
  readonly kind: "content" | "tag";
  readonly name: string;
}

/** Texts and places for values, in turn: one text more than places. */
export interface TopicPattern {
  readonly texts: readonly string[];
  readonly paths: readonly FieldPath[];
}

const PLACE = /%\{([^}]*)\}/;

/** `content.NAME` or `tag.NAME`; undefined for anything else. */
export function tryFieldPath(text: string): FieldPath | undefined {
  const match = /^(content|tag)\.(.+)$/s.exec(text);
  return match === null ? undefined : { kind: match[1] === "tag" ? "tag" : "content", name: match[2] };
}

/** A topic's name with or without places for values. */
export function topicPattern(): OptionType<TopicPattern> {
  return scalar("a topic's name", (name) => name).transform((text, context) => {
    const parts = text.split(PLACE);
    const texts = parts.filter((_, index) => index % 2 === 0);
    const paths = parts.filter((_, index) => index % 2 === 1).map(tryFieldPath);
    const fault = tryPatternFault(texts, parts, paths);
    if (fault === undefined) return { texts, paths: paths.filter((path) => path !== undefined) };
    context.addIssue({ code: "custom", message: fault });
    return z.NEVER;
  });
}

/** Puts values into the places. @returns undefined where one is missing or empty. */
export function tryTopic({ texts }: TopicPattern, values: readonly (string | undefined)[]): string | undefined {
  if (values.some((value) => value === undefined || value === "")) return undefined;
  return texts.map((text, index) => text + (values[index] ?? "")).join("");
}

function tryPatternFault(
  texts: readonly string[],
  parts: readonly string[],
  paths: readonly (FieldPath | undefined)[],
): string | undefined {
  const broken = paths.findIndex((path) => path === undefined);
  if (broken >= 0) return `%{${parts[broken * 2 + 1]}}: must be %{content.NAME} or %{tag.NAME}`;
  if (texts.some((text) => text.includes("%{"))) return "%{ without its }";
  return tryTopicFault(paths.length === 0 ? texts[0] : `${texts.join("")}x`);
}

/**
 * Says why a topic cannot have this name; undefined where it can.
 * Source: https://github.com/apache/kafka/blob/4.1.0/clients/src/main/java/org/apache/kafka/common/internals/Topic.java
 */
export function tryTopicFault(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (/^<.*>$/.test(name)) return `"${name}" is a placeholder: put your topic's name here`;
  if (name === "." || name === "..") return `"${name}" is not allowed as a topic`;
  if (name.length > 249) return `a topic's name has at most 249 characters, not ${name.length}`;
  return /^[A-Za-z0-9._-]+$/.test(name) ? undefined : `"${name}": a topic's name is of letters, digits and . _ -`;
}
