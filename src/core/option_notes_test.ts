import { assertEquals } from "@std/assert";
import { asksForNothing, ignoredYet, notSupportedYet, warnedWhen, warningOf, withoutEffect } from "./option_notes.ts";
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
