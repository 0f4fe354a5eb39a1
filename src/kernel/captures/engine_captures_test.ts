/** @module */
import { assert, assertEquals } from "@std/assert";
import { CaptureMemory } from "../../../tests/support/capture_memory.ts";
import { seededRandom } from "../../../tests/support/random.ts";
import { randomLogPattern } from "../../../tests/support/random_log_pattern.ts";
import { parseRegex } from "../../core/regex.ts";
import { tryCompileCaptures } from "./compile_captures.ts";
import { EngineCaptures } from "./engine_captures.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

Deno.test("the engine's groups are bytes that decode to what the engine found, whatever the bytes", () => {
  const random = seededRandom("engine captures");
  let matches = 0;
  for (let count = 0; count < 5000; count++) {
    const pattern = random.pick(["(.)(.)(.)", "^(.*?)(\\ufffd+)(.*)$", "(é?)([^a]+)(a)", "(.)(.)(.)$"]);
    const regex = parseRegex(pattern, "s");
    const bytes = Uint8Array.from({ length: random.integer(3, 9) }, () => {
      return random.pick([0x61, 0xc3, 0xa9, 0xe2, 0x80, 0xa8, 0xf0, 0x9f, 0x98, 0xed, 0xef, 0xbb, 0xbf, 0xbd, 0xff]);
    });
    const places = new EngineCaptures(regex, { groups: 3 }).tryCapture(bytes);
    const texts = places?.map((place) => place && decoder.decode(bytes.subarray(...place)));
    const match = regex.exec(decoder.decode(bytes));
    assertEquals(texts, match ? match.slice(1) : undefined, `${regex} on [${bytes}]`);
    matches += match ? 1 : 0;
  }
  assert(matches > 1000, `only ${matches} matches`);
});

Deno.test("engine and kernel say the same of a text that both can decide", () => {
  const random = seededRandom("engine and kernel");
  const memory = new CaptureMemory();
  let compared = 0;
  for (let count = 0; count < 300; count++) {
    const pattern = randomLogPattern(random);
    const regex = new RegExp(pattern.source, pattern.flags);
    const options = { groups: 4, whole: count % 2 === 0 };
    const captures = tryCompileCaptures(regex, options);
    if (typeof captures === "string") continue;
    memory.place(captures);
    const text = encoder.encode(pattern.sample(random));
    const captured = memory.capture(text);
    if (captured === "ask") continue;
    const expected = typeof captured === "string" ? undefined : captured.slice(1);
    assertEquals(new EngineCaptures(regex, options).tryCapture(text), expected, `${regex} on ${decoder.decode(text)}`);
    compared++;
  }
  assert(compared > 250, `only ${compared} texts were compared`);
});

Deno.test("a pattern with g or y is asked from the beginning each time", () => {
  for (const flags of ["gu", "yu", "dgu"]) {
    const captures = new EngineCaptures(new RegExp("(a)", flags), { groups: 2 });
    for (let round = 0; round < 3; round++) {
      assertEquals(captures.tryCapture(encoder.encode("ab")), [[0, 1], undefined], flags);
    }
  }
  assertEquals(new EngineCaptures(/(a)/yu, { groups: 1 }).tryCapture(encoder.encode("ba")), undefined);
});
