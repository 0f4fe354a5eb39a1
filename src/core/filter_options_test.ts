import { assertEquals } from "@std/assert";
import * as z from "zod";
import {
  containerFilter,
  containerFilterShape,
  filterMap,
  isFiltering,
  oldContainerFilterShape,
  regexText,
} from "./filter_options.ts";

Deno.test("regular expressions are checked and kept as text", () => {
  for (const good of ["", "^(nginx-.*)$", "(?i)nginx", "a|b"]) assertEquals(regexText().parse(good), good);
  for (const bad of ["(", "[a", "a**", "(?<="]) assertEquals(regexText().safeParse(bad).success, false, bad);
  const { error } = regexText().safeParse("(a");
  assertEquals(error?.issues[0].message, "not a usable regular expression: Unterminated group");
});

Deno.test("only a filter's values that begin with ^ are taken for regular expressions", () => {
  assertEquals(filterMap().parse(undefined), {});
  assertEquals(filterMap().parse({ a: "(", b: "", c: "^x" }), { a: "(", b: "", c: "^x" });
  assertEquals(filterMap().safeParse({ a: "x", b: "^(" }).error?.issues.map((issue) => issue.path), [["b"]]);
});

Deno.test("a filter that says nothing asks for nothing", () => {
  const filter = (given: object) => containerFilter(z.object(containerFilterShape()).parse(given));
  assertEquals(isFiltering(filter({})), false);
  assertEquals(isFiltering(filter({ IncludeEnv: {}, K8sPodRegex: "" })), false);
  assertEquals(isFiltering(filter({ IncludeEnv: { STAGE: "" } })), true);
  assertEquals(isFiltering(filter({ K8sPodRegex: "^nginx" })), true);
});

Deno.test("of a label under its old and its new option, the new one counts", () => {
  const given = { IncludeLabel: { a: "old", b: "old" }, IncludeContainerLabel: { b: "new" }, ExcludeLabel: { c: "" } };
  const filter = containerFilter(z.object(oldContainerFilterShape()).parse(given));
  assertEquals(filter.includeContainerLabel, { a: "old", b: "new" });
  assertEquals(filter.excludeContainerLabel, { c: "" });
});
