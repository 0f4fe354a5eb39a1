import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { UnreliableDisk } from "../../tests/support/unreliable_disk.ts";
import { flusherStdoutOptions } from "./stdout_options.ts";
import { stdoutTarget } from "./stdout_target.ts";

/** Writes two lines with these options. */
async function written(given: Record<string, string>) {
  const env = new ClockEnv();
  const log = new RecordingLog();
  const target = stdoutTarget(flusherStdoutOptions().parse(given), env, log);
  for (const line of ["one\n", "two\n"]) await target.write(new TextEncoder().encode(line));
  target.close();
  return { stdout: env.stdout, log: log.lines };
}

Deno.test("OnlyStdout: standard output or the agent's log", async () => {
  assertEquals(await written({}), { stdout: "one\ntwo\n", log: [] });
  assertEquals(await written({ OnlyStdout: "true", FileName: "/nowhere" }), { stdout: "one\ntwo\n", log: [] });
  assertEquals(await written({ OnlyStdout: "false" }), { stdout: "", log: ["info: one", "info: two"] });
});

Deno.test("FileName, MaxSize, MaxRolls: a file and its siblings", async () => {
  using disk = new UnreliableDisk();
  const given = { FileName: `${disk.directory}/a.log`, MaxSize: "4", MaxRolls: "2" };
  for (let round = 0; round < 2; round++) assertEquals(await written(given), { stdout: "", log: [] });
  assertEquals(disk.contents(), { "a.log": "two\n", "a.log.2": "two\n", "a.log.3": "one\n" });
});
