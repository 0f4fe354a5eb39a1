import { assertEquals, assertStringIncludes } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { DeadLetters } from "./dead_letters.ts";

const messages = [new TextEncoder().encode('{"Time":1}'), new TextEncoder().encode("日")];

Deno.test("dead letters are kept with time, topic and reason, and said once", () => {
  const directory = Deno.makeTempDirSync({ prefix: "sluice-dead-letters-" });
  const log = new RecordingLog();
  const letters = new DeadLetters(`${directory}/new`, new ClockEnv(), log);
  letters.add("access-log", "too large", messages);
  letters.add("access-log", "too large", [messages[0]]);
  const lines = Deno.readTextFileSync(letters.path).trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ message }) => message), ['{"Time":1}', "日", '{"Time":1}']);
  assertEquals(lines[0], {
    time: "2027-01-15T08:00:00.000Z",
    topic: "access-log",
    reason: "too large",
    message: '{"Time":1}',
  });
  assertStringIncludes(
    log.lines[0],
    "2 records for topic access-log can never be delivered: too large. They are kept in",
  );
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("a file that cannot be written is said, not thrown", () => {
  const log = new RecordingLog();
  new DeadLetters("/proc/nowhere", new ClockEnv(), log).add("t", "too large", messages);
  assertStringIncludes(log.lines[0], "They are dropped, because");
});

Deno.test("a message that is no text is kept in Base64, byte by byte", () => {
  const directory = Deno.makeTempDirSync({ prefix: "sluice-dead-letters-" });
  const letters = new DeadLetters(directory, new ClockEnv(), new RecordingLog());
  letters.add("otlp", "too large", [Uint8Array.of(0xff, 0, 0x0a)]);
  const { message, messageBase64 } = JSON.parse(Deno.readTextFileSync(letters.path));
  assertEquals([message, messageBase64], [undefined, "/wAK"]);
  Deno.removeSync(directory, { recursive: true });
});
