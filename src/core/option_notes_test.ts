import { assertEquals } from "@std/assert";
import {
  asksForNothing,
  atLeast,
  belongsUnder,
  ignoredYet,
  notSupportedYet,
  refusedBecause,
  warnedWhen,
  warningOf,
  withoutEffect,
} from "./option_notes.ts";
import { integer } from "./options.ts";

Deno.test("a warning travels with the schema that it was attached to, and with no other", () => {
  const schema = warnedWhen(integer(), (given) => given === "1" ? "one" : undefined);
  assertEquals(warningOf(schema, "1"), "one");
  assertEquals(warningOf(schema, "2"), undefined);
  assertEquals(warningOf(integer(), "1"), undefined);
});

Deno.test("an option that is not built yet is refused unless it asks for nothing", () => {
  for (const given of [undefined, "", "false", "no", [], {}]) {
    assertEquals(asksForNothing(given), true);
    assertEquals(notSupportedYet().safeParse(given).success, true);
    assertEquals(warningOf(ignoredYet(), given), undefined);
  }
  for (const given of ["x", "true", "0", ["a"], { a: "b" }]) {
    assertEquals(asksForNothing(given), false);
    assertEquals(notSupportedYet().safeParse(given).error?.issues[0].message, "not supported yet");
    assertEquals(warningOf(ignoredYet(), given), "not supported yet, ignored");
    assertEquals(ignoredYet().safeParse(given).success, true);
  }
});

Deno.test("an option without effect is still checked for its type", () => {
  assertEquals(withoutEffect(integer()).safeParse(undefined).success, true);
  assertEquals(withoutEffect(integer()).safeParse("1").success, true);
  assertEquals(withoutEffect(integer()).safeParse("x").success, false);
});

Deno.test("an option that cannot be is refused with its reason, unless its value is harmless", () => {
  const schema = refusedBecause("cannot be", (given) => given === "none");
  assertEquals(schema.safeParse("none").success, true);
  assertEquals(schema.safeParse("all").error?.issues[0].message, "cannot be");
  const misplaced = belongsUnder("Filters").safeParse({ a: "b" });
  assertEquals(misplaced.error?.issues[0].message, "belongs under Filters");
  assertEquals(belongsUnder("Filters").safeParse({}).success, true);
});

Deno.test("a number below the least that is allowed is raised to it, with a warning", () => {
  const schema = atLeast(5, 60);
  assertEquals([undefined, "4", "5", "6"].map((given) => schema.parse(given)), [60, 5, 5, 6]);
  assertEquals(warningOf(schema, "4"), "5 is used: the least that is allowed");
  assertEquals(warningOf(schema, "5"), undefined);
  assertEquals(schema.safeParse("-1").success, false);
});
