/**
 * What `sluice dead-letters list` and `show` print. Lines are read one at a time; what is kept of them is bounded, however many there are.
 *
 * @module
 */
import type { Files } from "../core/env.ts";
import type { DeadLetter } from "../deliver/dead_letters.ts";
import { isMeant, type LetterFilter, type LetterLine, letterPaths, waitingLines } from "./dead_letters_file.ts";

/** Reasons that differ are told apart up to so many. */
const GROUPS_MAX = 1000;
const OTHERS = "(other topics and reasons)";
/** Characters of a message that are shown to people. */
const MESSAGE_CHARS_MAX = 300;
const HEADINGS = ["TOPIC", "RECORDS", "BYTES", "FIRST", "LAST", "REASON"];

/** Letters of one topic for one reason. */
interface LetterGroup {
  readonly topic: string;
  readonly reason: string;
  records: number;
  /** Of their lines. */
  bytes: number;
  /** When the first and the last were given up, as ISO 8601. */
  first: string;
  last: string;
}

/** Everything that waits. */
interface LetterSummary {
  readonly groups: readonly LetterGroup[];
  readonly records: number;
  readonly bytes: number;
  /** Lines that are none of the agent's. */
  readonly unreadable: number;
}

/** What to show, and how. */
export interface ShowOptions extends LetterFilter {
  /** So many letters, the oldest first. */
  readonly limit: number;
  /** The lines of the file as they are. */
  readonly json: boolean;
}

/** @returns letters by topic and reason, with a line end at its end. @throws {DeadLettersError} where a file is none of the agent's. */
export function listLetters(directory: string, files: Files, json: boolean): string {
  const summary = summarise(waitingLines(letterPaths(directory), files));
  if (json) return `${JSON.stringify(summary, undefined, 2)}\n`;
  const { groups, records, bytes, unreadable } = summary;
  const total = `${records} records, ${bytes} bytes in ${letterPaths(directory).letters}\n`;
  const broken = unreadable === 0 ? "" : `${unreadable} lines are no dead letters\n`;
  return (groups.length === 0 ? "" : formatTable(groups)) + total + broken;
}

/** The letters that are meant, each with a line end at its end. @throws {DeadLettersError} where a file is none of the agent's. */
export function* showLetters(directory: string, files: Files, options: ShowOptions): Generator<string> {
  let left = options.limit;
  for (const line of waitingLines(letterPaths(directory), files)) {
    if (!isMeant(line, options)) continue;
    if (left-- === 0) return;
    yield options.json ? `${line.text}\n` : formatLetter(line.letter);
  }
}

function summarise(lines: Iterable<LetterLine>): LetterSummary {
  const groups = new Map<string, LetterGroup>();
  let [records, bytes, unreadable] = [0, 0, 0];
  for (const line of lines) {
    bytes += line.bytes;
    if (line.letter === undefined) unreadable += line.text === "" ? 0 : 1;
    else {
      records++;
      count(groups, line.letter, line.bytes);
    }
  }
  const sorted = [...groups.values()].sort((a, b) => b.records - a.records);
  return { groups: sorted, records, bytes, unreadable };
}

function count(groups: Map<string, LetterGroup>, { topic, reason, time }: DeadLetter, bytes: number): void {
  const isOther = groups.size >= GROUPS_MAX && !groups.has(`${topic} ${reason}`);
  const name = isOther ? OTHERS : `${topic} ${reason}`;
  const group = groups.get(name) ??
    {
      ...(isOther ? { topic: "-", reason: OTHERS } : { topic, reason }),
      records: 0,
      bytes: 0,
      first: time,
      last: time,
    };
  groups.set(name, group);
  group.records++;
  group.bytes += bytes;
  if (time < group.first) group.first = time;
  if (time > group.last) group.last = time;
}

function formatTable(groups: readonly LetterGroup[]): string {
  const rows = groups.map(({ topic, records, bytes, first, last, reason }) =>
    [topic || "-", String(records), String(bytes), first, last, reason].map(toOneLine)
  );
  const cells = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()}\n`).join(
    "",
  );
}

function formatLetter(
  { time, topic, reason, pipeline, source, offsets, key, message, messageBase64 }: DeadLetter,
): string {
  const from = [pipeline, source, offsets && `bytes ${offsets[0]} to ${offsets[1]}`].filter((part) =>
    part !== undefined
  );
  const text = message ?? messageBase64 ?? "";
  const cut = text.length > MESSAGE_CHARS_MAX ? ` … (${text.length} characters)` : "";
  const lines = [
    `${time} ${topic || "-"}: ${reason}`,
    ...(from.length === 0 ? [] : [`  from ${from.join(", ")}`]),
    ...(key === undefined ? [] : [`  key ${key}`]),
    `  ${message === undefined ? "Base64 " : ""}${text.slice(0, MESSAGE_CHARS_MAX)}${cut}`,
  ];
  return lines.map((line) => `${toOneLine(line)}\n`).join("");
}

/** Messages come from outside: a control character must not reach the terminal. */
function toOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}
