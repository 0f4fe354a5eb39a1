import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { agentLog, standardOutput } from "./line_target.ts";

const LINES = new TextEncoder().encode("one\n日本\n");

Deno.test("standard output gets lines as they are", async () => {
  const env = new ClockEnv();
  assertEquals(await standardOutput(env).write(LINES), true);
  assertEquals(env.stdout, "one\n日本\n");
});

Deno.test("in the agent's log each line is an information of its own", async () => {
  const log = new RecordingLog();
  assertEquals(await agentLog(log).write(LINES), true);
  assertEquals(log.lines, ["info: one", "info: 日本"]);
});
