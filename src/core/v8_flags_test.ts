import { assert, assertEquals } from "@std/assert";
import { V8_FLAGS } from "./v8_flags.ts";

Deno.test("the tasks that run the agent or its tests start V8 as the binary does", () => {
  const { tasks }: { tasks: Record<string, { command: string }> } = JSON.parse(Deno.readTextFileSync("deno.json"));
  const running = Object.values(tasks).map(({ command }) => command).filter((command) => {
    return /deno (?:test|bench)|main\.ts/.test(command);
  });
  assertEquals(running.length, 7);
  for (const command of running) assert(command.includes(`--v8-flags=${V8_FLAGS.join(",")} `), command);
});
