import { assertEquals } from "@std/assert";
import * as z from "zod";
import { bool, choice, durationMs, integer, section, text, textList, textMap, whenGood } from "./options.ts";

/** The value, or the first message. */
function read(schema: z.ZodType, given: unknown): unknown {
  const result = schema.safeParse(given);
  return result.success ? result.data : `! ${result.error.issues[0].message}`;
}

Deno.test("scalars are converted from text, and wrong ones say what is wanted", () => {
  const cases: readonly [z.ZodType, unknown, unknown][] = [
    [bool(), "true", true],
    [bool(), "Yes", true],
    [bool(), "OFF", false],
    [bool(), "1", '! must be true or false, not "1"'],
    [bool(), undefined, "! missing: must be true or false"],
    [bool(), {}, "! must be true or false, not a map"],
    [integer(), "-12", -12],
    [integer(), "012", 12],
    [integer(), "1.5", '! must be a whole number, not "1.5"'],
    [integer(), "", '! must be a whole number, not ""'],
    [integer(), "9007199254740993", '! must be a whole number, not "9007199254740993"'],
    [integer({ min: 1, max: 5 }), "5", 5],
    [integer({ min: 1, max: 5 }), "6", '! must be a whole number from 1 to 5, not "6"'],
    [integer({ max: 5 }), "6", '! must be a whole number, 5 or less, not "6"'],
    [text(), "", ""],
    [text(), [], "! must be text, not a list"],
    [choice(["none", "lz4"]), "LZ4", "lz4"],
    [choice(["none", "lz4"]), "zip", '! must be none or lz4, not "zip"'],
  ];
  for (const [schema, given, expected] of cases) assertEquals(read(schema, given), expected, JSON.stringify(given));
});

Deno.test("durations have units, and bare numbers are nanoseconds", () => {
  const cases: readonly [string, unknown][] = [
    ["0", 0],
    ["30s", 30_000],
    ["250ms", 250],
    ["1h1m1s", 3_661_000],
    ["1.5s", 1500],
    ["30000000000", 30_000],
    ["1", 1],
    ["100us", 1],
    ["2µs", 1],
    ["s", '! must be a duration such as 30s or 250ms, not "s"'],
    ["-1s", '! must be a duration such as 30s or 250ms, not "-1s"'],
    ["3 s", '! must be a duration such as 30s or 250ms, not "3 s"'],
    ["", '! must be a duration such as 30s or 250ms, not ""'],
  ];
  for (const [given, expected] of cases) assertEquals(read(durationMs(), given), expected, given);
  const limited = '! must be a duration such as 30s or 250ms (milliseconds, 100 or more), not "99ms"';
  assertEquals(read(durationMs({ min: 100 }), "99ms"), limited);
});

Deno.test("lists, maps and sections", () => {
  assertEquals(read(textList(), "a"), ["a"]);
  assertEquals(read(textList(), ["a", "b"]), ["a", "b"]);
  assertEquals(read(textList("a list of brokers"), undefined), "! missing: must be a list of brokers");
  assertEquals(read(textList(), ["a", {}]), "! must be text, not a map");
  assertEquals(read(textMap(), { a: "1" }), { a: "1" });
  assertEquals(read(textMap(), "a"), '! must be a map of names and texts, not "a"');
  assertEquals(read(section({ A: bool().default(true) }), undefined), { A: true });
  assertEquals(read(section({ A: bool().default(true) }), { A: "no" }), { A: false });
  assertEquals(read(section({ A: bool() }), "x"), '! must be a map of options, not "x"');
});

Deno.test("a check of several options runs when these are good, whatever is wrong with others", () => {
  const schema = z.object({ Low: integer(), High: integer(), Name: text() }).superRefine((given, context) => {
    if (given.Low > given.High) context.addIssue({ code: "custom", path: ["High"], message: "too low" });
  }, whenGood("Low", "High"));
  const faults = (given: unknown) => schema.safeParse(given).error?.issues.map(({ path }) => path.join("."));
  assertEquals(faults({ Low: "2", High: "1" }), ["Name", "High"]);
  assertEquals(faults({ Low: "x", High: "1", Name: "a" }), ["Low"]);
  assertEquals(faults({ Low: "1", High: "2", Name: "a" }), undefined);
  assertEquals(faults("Low"), [""]);
});
