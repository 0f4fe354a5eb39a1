import { assertEquals, assertStringIncludes } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { type DeadLetter, DeadLetters, linesFor, tryDeadLetter } from "./dead_letters.ts";

const messages = ['{"Time":1}', "日"].map((text) => ({ message: new TextEncoder().encode(text) }));

/** Letters in a directory that is removed afterwards. */
class Scene implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "sluice-dead-letters-" });
  readonly log = new RecordingLog();
  readonly letters = new DeadLetters(`${this.directory}/new`, new ClockEnv(), this.log);

  get lines() {
    return Deno.readTextFileSync(this.letters.path).trimEnd().split("\n").map((line) => JSON.parse(line));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }
}

Deno.test("dead letters are kept with time, topic and reason, and said once", () => {
  using scene = new Scene();
  scene.letters.add("access-log", "too large", messages);
  scene.letters.add("access-log", "too large", [messages[0]]);
  assertEquals(scene.lines.map(({ message }) => message), ['{"Time":1}', "日", '{"Time":1}']);
  assertEquals(scene.lines[0], {
    time: "2027-01-15T08:00:00.000Z",
    topic: "access-log",
    reason: "too large",
    message: '{"Time":1}',
  });
  assertStringIncludes(
    scene.log.lines[0],
    "2 records for topic access-log can never be delivered: too large. They are kept in",
  );
});

Deno.test("a letter says where it came from, as far as that is known", () => {
  using scene = new Scene();
  const origin = { source: "stdout:/var/log/pods/web/0.log", offsetStart: 100, offsetEnd: 250 };
  const ofFlusher = scene.letters.of({ pipeline: "web" }).of({ brokers: ["a:9092"] });
  ofFlusher.add("t", "too large", [{ ...messages[0], key: "k", origin }, messages[1]]);
  const head = {
    time: "2027-01-15T08:00:00.000Z",
    topic: "t",
    reason: "too large",
    pipeline: "web",
    brokers: ["a:9092"],
  };
  const from = { source: "stdout:/var/log/pods/web/0.log", offsets: [100, 250] };
  assertEquals(scene.lines, [{ ...head, ...from, key: "k", message: '{"Time":1}' }, { ...head, message: "日" }]);
});

Deno.test("a file that cannot be written is said, not thrown", () => {
  const log = new RecordingLog();
  new DeadLetters("/proc/nowhere", new ClockEnv(), log).add("t", "too large", messages);
  assertStringIncludes(log.lines[0], "They are dropped, because");
});

Deno.test("a full file takes nothing more, which is said with the way out", () => {
  using scene = new Scene();
  scene.letters.add("t", "too large", messages);
  Deno.truncateSync(scene.letters.path, 64 * 1024 * 1024 + 1);
  scene.letters.add("t", "too large", messages);
  assertEquals(Deno.statSync(scene.letters.path).size, 64 * 1024 * 1024 + 1);
  assertStringIncludes(scene.log.lines[1], 'is full: they are dropped. "sluice dead-letters"');
});

Deno.test("a message that is no text is kept in Base64, byte by byte", () => {
  using scene = new Scene();
  scene.letters.add("otlp", "too large", [{ message: Uint8Array.of(0xff, 0, 0x0a) }]);
  const [{ message, messageBase64 }] = scene.lines;
  assertEquals([message, messageBase64], [undefined, "/wAK"]);
});

Deno.test("a line that a full disk has cut does not take the next one with it", () => {
  using scene = new Scene();
  scene.letters.add("t", "too large", messages);
  Deno.truncateSync(scene.letters.path, Deno.statSync(scene.letters.path).size - 5);
  scene.letters.add("t", "again", messages);
  const lines = Deno.readTextFileSync(scene.letters.path).split("\n");
  assertEquals(lines.map((line) => tryDeadLetter(line)?.reason), ["too large", undefined, "again", "again", undefined]);
  assertEquals(linesFor(scene.letters.path, ["a", "b"], new ClockEnv().files), "a\nb\n");
});

Deno.test("only what the agent may have written is a letter", () => {
  const good: DeadLetter = { time: "", topic: "", reason: "", message: "" };
  const goods: DeadLetter[] = [good, {
    ...good,
    key: "k",
    pipeline: "p",
    brokers: ["b"],
    source: "s",
    offsets: [1, 2],
  }];
  for (const letter of goods) assertEquals(tryDeadLetter(JSON.stringify(letter)), letter);
  const bads = [
    "",
    "null",
    "[]",
    "{",
    '"text"',
    ...[
      { ...good, time: 1 },
      { ...good, topic: undefined },
      { ...good, message: undefined },
      { ...good, message: undefined, messageBase64: "*" },
      { ...good, key: 1 },
      { ...good, pipeline: 1 },
      { ...good, brokers: [1] },
      { ...good, brokers: "b" },
      { ...good, offsets: "1" },
    ].map((bad) => JSON.stringify(bad)),
  ];
  for (const bad of bads) assertEquals(tryDeadLetter(bad), undefined, bad);
});
