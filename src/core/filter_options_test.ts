import { assertEquals } from "@std/assert";
import { filterMap, regexText } from "./filter_options.ts";

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
