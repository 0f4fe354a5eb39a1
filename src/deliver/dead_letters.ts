/**
 * Where messages go that can never be delivered, so that they do not stop the rest and are not lost without a trace: a file of JSON
 * lines, each with time, topic, reason, where the record came from as far as that is known, and message. It grows to a limit; what
 * comes after that is only counted. `src/cli/dead_letters.ts` shows, sends and drops them: it takes the file away by renaming it, so
 * that each line is added in one piece to whatever is there.
 *
 * @module
 */
import type { Env, Files } from "../core/env.ts";
import type { Log } from "../core/log.ts";

const FILE_BYTES_MAX = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/** The bytes of a source that a record came from: not of the record alone, but of what was read with it. */
export interface LetterOrigin {
  /** The source's key; see `Source`. */
  readonly source: string;
  readonly offsetStart: number;
  readonly offsetEnd: number;
}

/** A message that can never be delivered. */
export interface Undeliverable {
  readonly message: Uint8Array;
  /** The key of its record, where it has one. */
  readonly key?: string;
  readonly origin?: LetterOrigin;
}

/** Whose messages they are. */
export interface LetterSender {
  readonly pipeline?: string;
  /** `host:port` of the cluster that refused them; undefined where it is none. */
  readonly brokers?: readonly string[];
}

/** One line of the file; its keys are the file's. */
export interface DeadLetter extends LetterSender {
  /** When it was given up, as ISO 8601. */
  readonly time: string;
  /** Where it was to go; empty where not even that is known. */
  readonly topic: string;
  readonly reason: string;
  /** The source's key. */
  readonly source?: string;
  /** Bytes of the source: from, to. */
  readonly offsets?: readonly [start: number, end: number];
  readonly key?: string;
  /** A message that is text. */
  readonly message?: string;
  /** Any other. */
  readonly messageBase64?: string;
}

/** Where the dead letters are. @param directory that of the checkpoint. */
export function deadLettersPath(directory: string): string {
  return `${directory}/sluice.dead-letters.jsonl`;
}

/** The dead letters of the agent, or of one of its pipelines. */
export class DeadLetters {
  readonly path: string;
  readonly #directory: string;
  readonly #env: Env;
  readonly #log: Log;
  readonly #sender: LetterSender;

  /** @param directory is made when the first letter comes. */
  constructor(directory: string, env: Env, log: Log, sender: LetterSender = {}) {
    this.path = deadLettersPath(directory);
    this.#directory = directory;
    this.#env = env;
    this.#log = log;
    this.#sender = sender;
  }

  /** The same file, for letters of this sender. */
  of(sender: LetterSender): DeadLetters {
    return new DeadLetters(this.#directory, this.#env, this.#log, { ...this.#sender, ...sender });
  }

  /** Keeps messages that `topic` will never take, for `reason`. Never throws. */
  add(topic: string, reason: string, messages: Iterable<Undeliverable>): void {
    const time = new Date(this.#env.now()).toISOString();
    const head = { time, topic, reason, ...this.#sender };
    const lines = Array.from(messages, (message) => JSON.stringify({ ...head, ...shown(message) }));
    const what = `${lines.length} records for topic ${topic} can never be delivered: ${reason}`;
    this.#log.throttled(`undeliverable ${topic}`, `${what}. ${this.#tryKeep(lines)}`);
  }

  /** @returns what has become of them, for people. */
  #tryKeep(lines: readonly string[]): string {
    try {
      if ((this.#env.files.tryStat(this.path)?.size ?? 0) > FILE_BYTES_MAX) {
        return `${this.path} is full: they are dropped. "sluice dead-letters" shows, sends again or removes what is in it`;
      }
      this.#env.files.append(this.path, linesFor(this.path, lines, this.#env.files));
      return `They are kept in ${this.path}: see "sluice dead-letters"`;
    } catch (error) {
      return `They are dropped, because ${this.path} cannot be written: ${
        error instanceof Error ? error.message : error
      }`;
    }
  }
}

/** The text to add to a file so that it holds these lines whole, even where its last line was cut by a full disk. */
export function linesFor(path: string, lines: readonly string[], files: Pick<Files, "tryOpen">): string {
  const text = lines.map((line) => `${line}\n`).join("");
  return endsInLine(path, files) ? `\n${text}` : text;
}

function endsInLine(path: string, files: Pick<Files, "tryOpen">): boolean {
  const file = files.tryOpen(path);
  if (file === undefined) return false;
  try {
    const last = new Uint8Array(1);
    return file.readAt(Math.max(0, file.stat().size - 1), last) > 0 && last[0] !== NEWLINE;
  } finally {
    file.close();
  }
}

/** @returns what a line of the file says; undefined where it is none of ours. */
export function tryDeadLetter(line: string): DeadLetter | undefined {
  try {
    const letter: unknown = JSON.parse(line);
    return isDeadLetter(letter) ? letter : undefined;
  } catch {
    return undefined;
  }
}

function isDeadLetter(value: unknown): value is DeadLetter {
  if (typeof value !== "object" || value === null) return false;
  const { time, topic, reason, message, messageBase64, key } = value as Record<string, unknown>;
  const isMessage = typeof message === "string" || (typeof messageBase64 === "string" && isBase64(messageBase64));
  const isHead = [time, topic, reason].every((text) => typeof text === "string");
  return isHead && isMessage && (key === undefined || typeof key === "string") && isSender({ ...value });
}

function isSender({ pipeline, brokers, source, offsets }: Record<string, unknown>): boolean {
  const isNamed = [pipeline, source].every((text) => text === undefined || typeof text === "string");
  const isListed = brokers === undefined || (Array.isArray(brokers) && brokers.every((one) => typeof one === "string"));
  return isNamed && isListed && (offsets === undefined || (Array.isArray(offsets) && offsets.length === 2));
}

function isBase64(text: string): boolean {
  try {
    return Uint8Array.fromBase64(text).length >= 0;
  } catch {
    return false;
  }
}

/** What a line says of one message. One that is no text, as `otlp_v1` makes them, is kept in Base64. */
function shown({ message, key, origin }: Undeliverable): Partial<DeadLetter> {
  const from = origin && { source: origin.source, offsets: [origin.offsetStart, origin.offsetEnd] as const };
  return { ...from, ...(key !== undefined && { key }), ...shownMessage(message) };
}

function shownMessage(message: Uint8Array): Pick<DeadLetter, "message" | "messageBase64"> {
  try {
    return { message: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(message) };
  } catch {
    return { messageBase64: message.toBase64() };
  }
}
