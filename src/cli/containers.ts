/**
 * What `sluice containers` prints: the containers of this node, where their output is, and which pipelines take them. Only
 * formats; discovery and the pipelines' filters are handed in.
 *
 * @module
 */
import type { Container } from "../core/container.ts";

/** A pipeline as this command sees it. */
export interface ContainerTaker {
  readonly name: string;
  decide(container: Container): { readonly matches: true } | { readonly matches: false; readonly reason: string };
  /** What is in the way of reading a container that is taken. */
  tryProblem?(container: Container): string | undefined;
}

/** `why`: say also why the other pipelines do not take a container. `json`: one JSON array instead of a table. */
export interface ListOptions {
  readonly why: boolean;
  readonly json: boolean;
}

/** One line of the list. */
interface Row {
  readonly container: Container;
  readonly takenBy: readonly string[];
  readonly refusals: readonly Note[];
  readonly problems: readonly Note[];
}

/** What a pipeline has to say about a container. */
interface Note {
  readonly pipeline: string;
  readonly reason: string;
}

const HEADINGS = ["CONTAINER", "STATE", "ID", "PIPELINES", "LOG"];
const SHORT_ID_LENGTH = 12;
/** Log drivers whose output is a file that a pipeline can read. */
const FILE_DRIVERS: readonly string[] = ["cri", "json-file"];

/** @returns the list, with a line end at its end, sorted by namespace, pod and container. */
export function listContainers(
  containers: readonly Container[],
  pipelines: readonly ContainerTaker[],
  options: ListOptions,
): string {
  const sorted = [...containers].sort((a, b) => compareText(fullName(a), fullName(b)) || compareText(a.id, b.id));
  const rows = sorted.map((container) => makeRow(container, pipelines));
  if (options.json) return `${JSON.stringify(rows.map((row) => toJson(row, options.why)), undefined, 2)}\n`;
  return rows.length === 0 ? "No containers found.\n" : formatTable(rows, options.why);
}

function makeRow(container: Container, pipelines: readonly ContainerTaker[]): Row {
  const decisions = pipelines.map((pipeline) => ({ pipeline: pipeline.name, decision: pipeline.decide(container) }));
  const takenBy = decisions.filter(({ decision }) => decision.matches).map(({ pipeline }) => pipeline);
  const refusals = decisions.flatMap(({ pipeline, decision }) =>
    decision.matches ? [] : [{ pipeline, reason: decision.reason }]
  );
  const takers = pipelines.filter(({ name }) => takenBy.includes(name));
  const problems = takers.flatMap((taker) => {
    const reason = taker.tryProblem?.(container);
    return reason === undefined ? [] : [{ pipeline: taker.name, reason }];
  });
  return { container, takenBy, refusals, problems };
}

function toJson({ container, takenBy, refusals, problems }: Row, why: boolean): object {
  const { id, runtime, name, pod, state, image, ip, logPath, logDriver } = container;
  const place = pod && { namespace: pod.namespace, pod: pod.name };
  const reasons = asMap(refusals);
  return {
    ...place,
    name,
    state,
    id,
    runtime,
    image,
    ip,
    logPath,
    logDriver,
    pipelines: takenBy,
    ...(why && { refusedBy: reasons }),
    ...(why && problems.length > 0 && { problems: asMap(problems) }),
  };
}

function asMap(notes: readonly Note[]): Record<string, string> {
  return Object.fromEntries(notes.map(({ pipeline, reason }) => [pipeline, reason]));
}

function formatTable(rows: readonly Row[], why: boolean): string {
  const cells = [HEADINGS, ...rows.map(toCells)];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const lines = cells.map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd());
  const details = why ? rows.map(toDetails) : [];
  return lines.flatMap((line, index) => [line, ...(details[index - 1] ?? [])]).map((line) => `${line}\n`).join("");
}

function toCells({ container, takenBy }: Row): string[] {
  const pipelines = takenBy.length === 0 ? "-" : takenBy.join(",");
  const id = container.id.slice(0, SHORT_ID_LENGTH);
  return [fullName(container), container.state, id, pipelines, logOf(container)].map(toOneLine);
}

/** Where the output is, or why it cannot be read there. */
function logOf({ logPath, logDriver }: Container): string {
  if (logPath !== "") return logPath;
  if (logDriver === "" || logDriver === "none" || FILE_DRIVERS.includes(logDriver)) return "(none)";
  return logDriver === "local" ? "(local: a format of Docker's own)" : `(${logDriver}: not a file)`;
}

function toDetails({ refusals, problems }: Row): string[] {
  const of = (prefix: string, notes: readonly Note[]) =>
    notes.map(({ pipeline, reason }) => toOneLine(`    ${prefix}${pipeline}: ${reason}`));
  return [...of("", problems), ...of("not ", refusals)];
}

function fullName({ pod, name }: Container): string {
  return pod === undefined ? name : `${pod.namespace}/${pod.name}/${name}`;
}

/** Names come from outside: a control character must not reach the terminal. */
function toOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}

/** By code units: the same order on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
