import { assertEquals } from "@std/assert";
import type { LogLevel } from "../core/agent_options.ts";
import { createLog } from "./log.ts";

const NOW = { now: () => Date.UTC(2026, 6, 13, 15, 45, 54, 976) };

function makeLog(level: LogLevel, isColoured = false) {
  const lines: string[] = [];
  return { lines, log: createLog(level, NOW, { isColoured, write: (line) => lines.push(line) }) };
}

Deno.test("every message is one line with time and level", () => {
  const { log, lines } = makeLog("info");
  log.info("started");
  log.warn("hm");
  log.error("no");
  log.throttled("key", "again");
  log.throttled("key", "again");
  assertEquals(lines, [
    "2026-07-13T15:45:54.976Z INFO  started\n",
    "2026-07-13T15:45:54.976Z WARN  hm\n",
    "2026-07-13T15:45:54.976Z ERROR no\n",
    "2026-07-13T15:45:54.976Z WARN  again\n",
  ]);
});

Deno.test("messages below the level are not written", () => {
  const counts = (["debug", "info", "warn", "error"] as const).map((level) => {
    const { log, lines } = makeLog(level);
    log.info("a");
    log.warn("b");
    log.error("c");
    return lines.length;
  });
  assertEquals(counts, [3, 3, 2, 1]);
});

Deno.test("text from outside can neither forge a line nor drive a terminal nor be taken for a placeholder", () => {
  const { log, lines } = makeLog("info");
  log.info("a\nb\x1b[31m {x} {{y}} %s");
  assertEquals(lines, ["2026-07-13T15:45:54.976Z INFO  a\\nb\\x1b[31m {x} {{y}} %s\n"]);
});

Deno.test("on a terminal the level of what is wrong is coloured", () => {
  const { log, lines } = makeLog("info", true);
  log.info("a");
  log.error("b");
  assertEquals(lines.map((line) => line.includes("\x1b[31mERROR\x1b[0m")), [false, true]);
});
