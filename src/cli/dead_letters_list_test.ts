import { assertEquals, assertThrows } from "@std/assert";
import { makeDenoEnv } from "../core/deno_env.ts";
import type { DeadLetter } from "../deliver/dead_letters.ts";
import { DeadLettersError, letterPaths } from "./dead_letters_file.ts";
import { listLetters, showLetters } from "./dead_letters_list.ts";

const { files } = makeDenoEnv("10.0.0.1");
const TIME = "2027-01-15T08:00:00.000Z";
const LATER = "2027-01-15T09:30:00.000Z";
const LETTER: DeadLetter = { time: TIME, topic: "access", reason: "too large", message: '{"Time":1}' };
const FULL: DeadLetter = {
  ...{ time: LATER, topic: "access", reason: "too large", pipeline: "web", brokers: ["a:9092"] },
  ...{
    source: "stdout:/var/log/pods/web/0.log",
    offsets: [100, 250],
    key: "k",
    message: `a\u001b[31m${"x".repeat(500)}`,
  },
};
const BINARY: DeadLetter = { time: LATER, topic: "", reason: "no topic for it", messageBase64: "/wAK" };

/** A checkpoint directory with these lines. */
class Directory implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "sluice-letters-" });

  constructor(letters: readonly DeadLetter[], claimed: readonly DeadLetter[] = [], tail = "") {
    const textOf = (list: readonly DeadLetter[]) => list.map((letter) => `${JSON.stringify(letter)}\n`).join("");
    const paths = letterPaths(this.path);
    Deno.writeTextFileSync(paths.letters, textOf(letters) + tail);
    if (claimed.length === 0) return;
    Deno.writeTextFileSync(paths.claimed, textOf(claimed));
    Deno.writeTextFileSync(paths.progress, JSON.stringify({ offset: textOf(claimed.slice(0, 1)).length }));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("list counts letters by topic and reason, the most first", () => {
  using directory = new Directory([LETTER, BINARY, FULL]);
  const bytes = Deno.statSync(letterPaths(directory.path).letters).size - 3;
  assertEquals(
    listLetters(directory.path, files, false),
    `TOPIC   RECORDS  BYTES  FIRST                     LAST                      REASON
access  2        805    2027-01-15T08:00:00.000Z  2027-01-15T09:30:00.000Z  too large
-       1        96     2027-01-15T09:30:00.000Z  2027-01-15T09:30:00.000Z  no topic for it
3 records, ${bytes} bytes in ${directory.path}/sluice.dead-letters.jsonl
`,
  );
  const { groups, records, unreadable } = JSON.parse(listLetters(directory.path, files, true));
  assertEquals([groups[0].records, groups[0].first, groups[0].last, records, unreadable], [2, TIME, LATER, 3, 0]);
});

Deno.test("list counts what an interrupted command has left, and lines that are no letters", () => {
  using directory = new Directory([LETTER], [FULL, LETTER, LETTER], "half a li");
  const { records, unreadable } = JSON.parse(listLetters(directory.path, files, true));
  assertEquals([records, unreadable], [3, 1]);
});

Deno.test("list is short where there is nothing, and bounded where every reason is another", () => {
  using none = new Directory([]);
  assertEquals(listLetters(none.path, files, false), `0 records, 0 bytes in ${none.path}/sluice.dead-letters.jsonl\n`);
  assertEquals(JSON.parse(listLetters("/there/is/none", files, true)).records, 0);
  using many = new Directory(Array.from({ length: 1500 }, (_, index) => ({ ...LETTER, reason: `reason ${index}` })));
  const { groups, records } = JSON.parse(listLetters(many.path, files, true));
  assertEquals([groups.length, groups[0].records, records], [1001, 500, 1500]);
});

Deno.test("show prints letters for people: where from, why, and the beginning of the message", () => {
  using directory = new Directory([LETTER, FULL, BINARY]);
  const shown = [...showLetters(directory.path, files, { limit: 10, json: false })];
  assertEquals(shown, [
    `${TIME} access: too large\n  {"Time":1}\n`,
    `${LATER} access: too large
  from web, stdout:/var/log/pods/web/0.log, bytes 100 to 250
  key k
  a?[31m${"x".repeat(294)} … (506 characters)
`,
    `${LATER} -: no topic for it\n  Base64 /wAK\n`,
  ]);
});

Deno.test("show takes a topic, a part of a reason and a limit; as JSON, lines are whole", () => {
  using directory = new Directory([LETTER, FULL, BINARY], [], "half a li");
  const times = (options: { topic?: string; reason?: string; limit: number }) =>
    [...showLetters(directory.path, files, { ...options, json: true })].map((line) => JSON.parse(line));
  assertEquals(times({ topic: "access", limit: 10 }), [LETTER, FULL]);
  assertEquals(times({ topic: "", limit: 10 }), [BINARY]);
  assertEquals(times({ reason: "large", limit: 1 }), [LETTER]);
  assertEquals(times({ topic: "access", reason: "no topic", limit: 10 }), []);
  assertEquals(times({ limit: 0 }), []);
});

Deno.test("a line that never ends is not the agent's: nothing is guessed", () => {
  using directory = new Directory([]);
  Deno.truncateSync(letterPaths(directory.path).letters, 129 * 1024 * 1024);
  assertThrows(() => listLetters(directory.path, files, false), DeadLettersError, "it is no dead-letter file");
});
