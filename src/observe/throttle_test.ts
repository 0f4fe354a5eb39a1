import { assertEquals } from "@std/assert";
import { Throttle } from "./throttle.ts";

function makeThrottle() {
  const clock = { ms: 1_000_000, now: () => clock.ms };
  const throttle = new Throttle(clock);
  const lines: string[] = [];
  return {
    clock,
    lines,
    pass: (key: string, message: string) => throttle.pass(key, message, (line) => lines.push(line)),
  };
}

Deno.test("a message passes once a minute for its key, and says how many did not", () => {
  const { clock, lines, pass } = makeThrottle();
  for (const message of ["a", "b", "c"]) pass("k", message);
  pass("other", "d");
  clock.ms += 59_999;
  pass("k", "e");
  clock.ms += 1;
  pass("k", "f");
  clock.ms += 60_000;
  pass("k", "g");
  assertEquals(lines, ["a", "d", "f (3 more like this were not shown)", "g"]);
});

Deno.test("a clock set back does not silence", () => {
  const { clock, lines, pass } = makeThrottle();
  pass("k", "a");
  clock.ms -= 1;
  pass("k", "b");
  assertEquals(lines, ["a", "b"]);
});

Deno.test("many keys pass, each once", () => {
  const { clock, lines, pass } = makeThrottle();
  for (let round = 0; round < 2; round++) {
    for (let key = 0; key < 1500; key++) pass(`k${key}`, "x");
  }
  assertEquals(lines.length, 1500);
  clock.ms += 60_000;
  pass("k0", "y");
  pass("new", "z");
  assertEquals(lines.length, 1502);
});
