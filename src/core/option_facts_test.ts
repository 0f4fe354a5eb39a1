import { assertEquals } from "@std/assert";
import * as z from "zod";
import { tryFacts, tryNote, withFacts, withNote } from "./option_facts.ts";
import { notSupportedYet, warnedWhen, warningOf, withoutEffect } from "./option_notes.ts";
import { bool, choice, durationMs, integer, text, textList, textMap } from "./options.ts";

Deno.test("every building block says which values it takes", () => {
  const cases = [
    [bool(), { kind: "boolean", wanted: "true or false" }],
    [integer({ min: 1 }), { kind: "integer", wanted: "a whole number, 1 or more", min: 1 }],
    [text(), { kind: "text", wanted: "text" }],
    [choice(["a", "b"]), { kind: "choice", wanted: "a or b", words: ["a", "b"] }],
    [durationMs(), { kind: "duration", wanted: "a duration such as 30s or 250ms" }],
    [textList("a list of paths"), { kind: "list", wanted: "a list of paths" }],
    [textMap(), { kind: "map", wanted: "a map of names and texts" }],
  ] as const;
  for (const [schema, facts] of cases) assertEquals(tryFacts(schema), facts);
});

Deno.test("facts and notes outlive checks and warnings, and others replace them", () => {
  const checked = text().refine((given) => given !== "");
  assertEquals(tryFacts(checked)?.wanted, "text");
  const noted = warnedWhen(withNote(checked, "noted"), () => "warned");
  assertEquals([tryFacts(noted)?.wanted, tryNote(noted), warningOf(noted, "")], ["text", "noted", "warned"]);
  assertEquals(tryFacts(withFacts(checked, { kind: "text", wanted: "a name" }))?.wanted, "a name");
});

Deno.test("what is refused or without effect says so, and anything else nothing", () => {
  assertEquals(tryNote(notSupportedYet()), "refused: not supported yet");
  assertEquals(tryNote(withoutEffect(bool())), "no effect");
  assertEquals([tryNote(bool()), tryFacts(z.unknown())], [undefined, undefined]);
});
