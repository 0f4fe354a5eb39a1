/**
 * Which containers a pipeline wants. Rules are compiled once and then asked per container; the answer "no" comes with a reason
 * for people. Knows nothing of files or options: those who declare an input hand its rules over.
 *
 * @module
 */
import type { Container, StringMap } from "../core/container.ts";
import type { ContainerFilterOptions } from "../core/filter_options.ts";
import { matchesSafely } from "../core/guarded_regex.ts";
import type { Decision } from "../core/input.ts";
import { parseRegex, RegexError } from "../core/regex.ts";

/** Rules that every container but a pod's sandbox fulfils. */
export const NO_RULES: ContainerFilterOptions = {
  includeContainerLabel: {},
  excludeContainerLabel: {},
  includeEnv: {},
  excludeEnv: {},
  includeK8sLabel: {},
  excludeK8sLabel: {},
  k8sNamespaceRegex: "",
  k8sPodRegex: "",
  k8sContainerRegex: "",
};

/** Compiled rules. */
export interface ContainerFilter {
  decide(container: Container): Decision;
}

/** Rules that cannot be compiled: every broken expression, one line each. */
export class FilterError extends Error {
  override readonly name = "FilterError";

  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/** Says why a container is not wanted; undefined when it has nothing against it. */
type Check = (container: Container) => string | undefined;

/** Names of the containers that only hold a pod's namespaces. */
const SANDBOX_NAMES = ["POD", "pause"];

/** Compiles rules. @throws {FilterError} naming all broken expressions. */
export function compileFilter(rules: ContainerFilterOptions): ContainerFilter {
  const problems: string[] = [];
  const entries = (map: StringMap, noun: string) => compileEntries(map, noun, problems);
  const regex = (text: string, part: Part) => compilePart(text, part, problems);
  const checks = [
    checkSandbox,
    refuseAny(entries(rules.excludeContainerLabel, "container label"), (container) => container.labels),
    refuseAny(entries(rules.excludeEnv, "environment variable"), (container) => container.env),
    refuseAny(entries(rules.excludeK8sLabel, "label"), (container) => container.pod?.labels ?? {}),
    regex(rules.k8sNamespaceRegex, { noun: "namespace", valueOf: (container) => container.pod?.namespace }),
    regex(rules.k8sPodRegex, { noun: "pod", valueOf: (container) => container.pod?.name }),
    regex(rules.k8sContainerRegex, { noun: "container", valueOf: (container) => container.pod && container.name }),
    requireAny(entries(rules.includeContainerLabel, "container label"), (container) => container.labels),
    requireAny(entries(rules.includeEnv, "environment variable"), (container) => container.env),
    requireAny(entries(rules.includeK8sLabel, "label"), (container) => container.pod?.labels),
  ].filter((check) => check !== undefined);
  if (problems.length > 0) throw new FilterError(problems);
  return { decide: (container) => decide(checks, container) };
}

function decide(checks: readonly Check[], container: Container): Decision {
  for (const check of checks) {
    const reason = check(container);
    if (reason !== undefined) return { matches: false, reason };
  }
  return { matches: true };
}

function checkSandbox({ pod, name }: Container): string | undefined {
  return pod !== undefined && SANDBOX_NAMES.includes(name) ? `${name} only holds the pod's namespaces` : undefined;
}

/** A part of a pod's identity and how a container tells it; undefined outside Kubernetes. */
interface Part {
  readonly noun: string;
  readonly valueOf: (container: Container) => string | undefined;
}

function compilePart(text: string, { noun, valueOf }: Part, problems: string[]): Check | undefined {
  if (text === "") return undefined;
  const regex = compileOrNote(text, problems);
  return (container) => {
    const value = valueOf(container);
    if (value === undefined) return `it is in no pod, so its ${noun} cannot match /${text}/`;
    return regex && matchesSafely(regex, value)
      ? undefined
      : `${noun} ${JSON.stringify(value)} does not match /${text}/`;
  };
}

/** One line of a map of rules. */
interface Entry {
  readonly noun: string;
  readonly key: string;
  readonly wanted: string;
  readonly accepts: (value: string) => boolean;
}

function compileEntries(map: StringMap, noun: string, problems: string[]): readonly Entry[] {
  return Object.entries(map).map(([key, wanted]) => ({ noun, key, wanted, accepts: compileValue(wanted, problems) }));
}

function compileValue(wanted: string, problems: string[]): (value: string) => boolean {
  if (wanted === "") return () => true;
  if (!wanted.startsWith("^")) return (value) => value === wanted;
  const regex = compileOrNote(wanted, problems);
  return (value) => regex !== undefined && matchesSafely(regex, value);
}

function compileOrNote(text: string, problems: string[]): RegExp | undefined {
  try {
    return parseRegex(text);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    problems.push(error.message);
    return undefined;
  }
}

function refuseAny(entries: readonly Entry[], valuesOf: (container: Container) => StringMap): Check | undefined {
  if (entries.length === 0) return undefined;
  return (container) => {
    const hit = entries.find((entry) => hits(entry, valuesOf(container)));
    return hit && `${hit.noun} ${describeValue(hit, valuesOf(container))}, which is excluded`;
  };
}

function requireAny(
  entries: readonly Entry[],
  valuesOf: (container: Container) => StringMap | undefined,
): Check | undefined {
  if (entries.length === 0) return undefined;
  return (container) => {
    const values = valuesOf(container);
    if (values === undefined) return `it is in no pod, so it has no ${entries[0].noun} ${entries[0].key}`;
    if (entries.some((entry) => hits(entry, values))) return undefined;
    return entries.map((entry) => describeMiss(entry, values)).join("; ");
  };
}

function hits(entry: Entry, values: StringMap): boolean {
  return Object.hasOwn(values, entry.key) && entry.accepts(values[entry.key]);
}

function describeValue({ key }: Entry, values: StringMap): string {
  return `${key} is ${Object.hasOwn(values, key) ? JSON.stringify(values[key]) : "missing"}`;
}

function describeMiss(entry: Entry, values: StringMap): string {
  const { noun, wanted } = entry;
  const aim = wanted === ""
    ? ""
    : wanted.startsWith("^")
    ? `, wanted /${wanted}/`
    : `, wanted ${JSON.stringify(wanted)}`;
  return `${noun} ${describeValue(entry, values)}${aim}`;
}
