/**
 * Options that hold regular expressions and container filters; patterns are checked when the configuration is read.
 *
 * @module
 */
import type * as z from "zod";
import type { StringMap } from "./container.ts";
import { type OptionType, scalar, textMap } from "./options.ts";
import { parseRegex, RegexError } from "./regex.ts";

/**
 * Which containers are wanted. In the maps, a value that begins with `^` is a regular expression and `""` asks for the key alone; the
 * expressions are searched for, and `""` asks for nothing. All have been checked.
 */
export interface ContainerFilterOptions {
  readonly includeContainerLabel: StringMap;
  readonly excludeContainerLabel: StringMap;
  readonly includeEnv: StringMap;
  readonly excludeEnv: StringMap;
  readonly includeK8sLabel: StringMap;
  readonly excludeK8sLabel: StringMap;
  readonly k8sNamespaceRegex: string;
  readonly k8sPodRegex: string;
  readonly k8sContainerRegex: string;
}

/** The options that choose containers, by the names that every input gives them. */
export function containerFilterShape() {
  return {
    IncludeContainerLabel: filterMap(),
    ExcludeContainerLabel: filterMap(),
    IncludeEnv: filterMap(),
    ExcludeEnv: filterMap(),
    IncludeK8sLabel: filterMap(),
    ExcludeK8sLabel: filterMap(),
    K8sNamespaceRegex: regexText().default(""),
    K8sPodRegex: regexText().default(""),
    K8sContainerRegex: regexText().default(""),
  };
}

/** The options that choose containers and their old names. */
export function oldContainerFilterShape() {
  return { ...containerFilterShape(), IncludeLabel: filterMap(), ExcludeLabel: filterMap() };
}

/** What `containerFilterShape` has read; the old names are merged, the new ones winning. */
export type GivenContainerFilter =
  & {
    readonly [Name in keyof ReturnType<typeof containerFilterShape>]: z.output<
      ReturnType<typeof containerFilterShape>[Name]
    >;
  }
  & { readonly IncludeLabel?: StringMap; readonly ExcludeLabel?: StringMap };

/** Brings the options that choose containers into the form in which they are used. */
export function containerFilter(given: GivenContainerFilter): ContainerFilterOptions {
  return {
    includeContainerLabel: { ...given.IncludeLabel, ...given.IncludeContainerLabel },
    excludeContainerLabel: { ...given.ExcludeLabel, ...given.ExcludeContainerLabel },
    includeEnv: given.IncludeEnv,
    excludeEnv: given.ExcludeEnv,
    includeK8sLabel: given.IncludeK8sLabel,
    excludeK8sLabel: given.ExcludeK8sLabel,
    k8sNamespaceRegex: given.K8sNamespaceRegex,
    k8sPodRegex: given.K8sPodRegex,
    k8sContainerRegex: given.K8sContainerRegex,
  };
}

/** Tells whether a filter asks for anything. */
export function isFiltering(filter: ContainerFilterOptions): boolean {
  return Object.values(filter).some((rule) => typeof rule === "string" ? rule !== "" : Object.keys(rule).length > 0);
}

/** A regular expression; `""` is allowed and means none. */
export function regexText(): OptionType<string> {
  return scalar("a regular expression", (pattern) => pattern).superRefine((pattern, context) => {
    const reason = tryRegexFault(pattern);
    if (reason !== undefined) {
      context.addIssue({ code: "custom", message: `not a usable regular expression: ${reason}` });
    }
  });
}

/** A map of names and wanted values; a value that begins with `^` is a regular expression. Empty when left out. */
export function filterMap(): OptionType<StringMap> {
  return textMap().superRefine((map, context) => {
    for (const [key, value] of Object.entries(map)) {
      const reason = value.startsWith("^") ? tryRegexFault(value) : undefined;
      const message = `begins with ^ but is not a usable regular expression: ${reason}`;
      if (reason !== undefined) context.addIssue({ code: "custom", path: [key], message });
    }
  }).default({});
}

/** @returns why `pattern` is not a usable regular expression; undefined when it is one. */
function tryRegexFault(pattern: string): string | undefined {
  try {
    parseRegex(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return error.problem;
    throw error;
  }
}
