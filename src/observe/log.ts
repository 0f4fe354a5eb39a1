/**
 * The agent's own log: one line each on standard error, `2026-07-13T15:45:54.976Z WARN  message`, through LogTape. Standard output
 * belongs to records and to the answers of commands. LogTape is configured per process, so there is one log a process.
 *
 * @module
 */
import { configureSync, getLogger, type LogRecord } from "@logtape/logtape";
import type { LogLevel } from "../core/agent_options.ts";
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { Throttle } from "./throttle.ts";

/** Where finished lines go, and whether they may be coloured. */
export interface LogTarget {
  write(line: string): void;
  readonly isColoured: boolean;
}

const CATEGORY = "sluice";
const LEVEL_NAMES = { trace: "DEBUG", debug: "DEBUG", info: "INFO ", warning: "WARN ", error: "ERROR", fatal: "ERROR" };
const COLOURS: Readonly<Record<string, string>> = { "WARN ": "\x1b[33m", ERROR: "\x1b[31m", DEBUG: "\x1b[2m" };

/**
 * Makes the agent's log; a later call takes the place of an earlier one.
 *
 * @param level the least important level that is written.
 */
export function createLog(level: LogLevel, env: Pick<Env, "now">, target: LogTarget = standardError()): Log {
  const sink = (record: LogRecord) => target.write(formatLine(record, env.now(), target.isColoured));
  configureSync({
    reset: true,
    sinks: { lines: sink },
    loggers: [
      { category: [CATEGORY], lowestLevel: level === "warn" ? "warning" : level, sinks: ["lines"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["lines"] },
    ],
  });
  const logger = getLogger([CATEGORY]);
  const throttle = new Throttle(env);
  const warn = (message: string) => logger.warn("{text}", { text: message });
  return {
    info: (message) => logger.info("{text}", { text: message }),
    warn,
    error: (message) => logger.error("{text}", { text: message }),
    throttled: (key, message) => throttle.pass(key, message, warn),
  };
}

function formatLine(record: LogRecord, nowMs: number, isColoured: boolean): string {
  const name = LEVEL_NAMES[record.level];
  const colour = isColoured ? COLOURS[name] : undefined;
  const level = colour === undefined ? name : `${colour}${name}\x1b[0m`;
  return `${new Date(nowMs).toISOString()} ${level} ${onOneLine(textOf(record))}\n`;
}

/** Messages travel as a property: LogTape would read braces in a message as placeholders. */
function textOf(record: LogRecord): string {
  return typeof record.properties.text === "string" ? record.properties.text : record.message.map(String).join("");
}

/** Names from outside (pods, files) must not be able to forge a line or drive a terminal. */
function onOneLine(message: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what this is about
  return message.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => {
    return character === "\n" ? "\\n" : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

function standardError(): LogTarget {
  const encoder = new TextEncoder();
  return {
    isColoured: Deno.stderr.isTerminal() && !Deno.noColor,
    write(line) {
      const bytes = encoder.encode(line);
      for (let written = 0; written < bytes.length;) written += Deno.stderr.writeSync(bytes.subarray(written));
    },
  };
}
