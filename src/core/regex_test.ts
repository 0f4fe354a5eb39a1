/** @module */
import { assertEquals, assertThrows } from "@std/assert";
import { parseRegex, RegexError } from "./regex.ts";

Deno.test("patterns of Go and .NET mean the same here", () => {
  const cases: [pattern: string, matching: string[], others: string[]][] = [
    ["^(default)$", ["default"], ["default2", "adefault", "default\n"]],
    ["web", ["web", "my-web-1"], ["we", ""]],
    ["^web-\\d+$", ["web-12"], ["web-", "web-1a"]],
    ["(?i)^WEB", ["web", "Web1"], ["aweb"]],
    ["(?is)^a.b$", ["A\nB"], ["ab"]],
    ["(?i)(?m)^b$", ["a\nB\nc"], ["ab"]],
    ["(?i:A)b", ["ab", "Ab"], ["aB"]],
    ["(?P<app>x+)-(?P<n>\\d)", ["xx-1"], ["x-"]],
    ["(?'app'x)", ["x"], ["y"]],
    ["(?<app>x)\\k<app>", ["xx"], ["x"]],
    ["(a)\\1", ["aa"], ["ab"]],
    ["\\Aab\\z", ["ab"], ["ab\n", "cab"]],
    ["(?m)\\Ab\\Z", ["b", "b\n"], ["a\nb", "b\nc"]],
    ["^\\pL+$", ["éa"], ["a1"]],
    ["^\\p{Greek}$", ["λ"], ["l"]],
    ["^\\P{Greek}$", ["l"], ["λ"]],
    ["^\\p{^Lu}$", ["l"], ["L"]],
    ["^[[:alpha:]_-]+$", ["a_-"], ["1"]],
    ["^[^[:space:][:punct:]]+$", ["ab"], ["a b", "a]", "a-"]],
    ["^[]a]+$", ["]a"], ["b"]],
    ["^[^]a]$", ["b"], ["]", "a"]],
    ["^[a[]$", ["a", "["], ["]"]],
    ["^[\\w.\\-/]+$", ["a.b-c/d"], [":"]],
    ["^a{b}]$", ["a{b}]"], ["ab"]],
    ["^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]],
    ["^a{,3}$", ["a{,3}"], ["a"]],
    ["^a\\-b\\_c\\/\\#$", ["a-b_c/#"], ["a-b"]],
    ["^\\Qa.b*\\E+$", ["a.b*", "a.b**"], ["axb*"]],
    ["^\\Q]-\\E$", ["]-"], ["]"]],
    ["^\\x41\\x{1F600}\\101$", ["A😀A"], ["A"]],
    ["^.$", ["😀"], ["ab"]],
    ["^a(?#comment)b$", ["ab"], ["a"]],
    ["(?<=a)b(?!c)", ["ab"], ["b", "abc"]],
    ["^(?:)$", [""], ["a"]],
  ];
  for (const [pattern, matching, others] of cases) {
    const regex = parseRegex(pattern);
    for (const text of matching) assertEquals(regex.test(text), true, `/${pattern}/ matches ${JSON.stringify(text)}`);
    for (const text of others) {
      assertEquals(regex.test(text), false, `/${pattern}/ does not match ${JSON.stringify(text)}`);
    }
  }
});

Deno.test("a pattern that is broken or cannot be translated is an error that names it", () => {
  const cases: [pattern: string, problem: string][] = [
    ["(a", "Unterminated group"],
    ["a)", "Unmatched ')'"],
    ["*", "Nothing to repeat"],
    ["[a", "missing closing ]"],
    ["[z-a]", "Range out of order in character class"],
    ["a\\", "\\ at the end"],
    ["\\C", "\\C is not supported"],
    ["\\h+", "\\h is not supported"],
    ["a(?i)b", 'flags must be at its start, or around a part: "(?i:…)"'],
    ["(?x) a", '"(?x…" is not supported'],
    ["(?U)a", '"(?U…" is not supported'],
    ["(?>a)", '"(?>a…" is not supported'],
    ["a++", "Nothing to repeat"],
    ["[a-z-[aeiou]]", '"-[" inside a class is not supported; write \\-\\[ for the characters'],
    ["[[:nope:]]", "class [:nope:] is not supported"],
    ["\\p{Nope}", "Invalid property name"],
  ];
  for (const [pattern, problem] of cases) {
    const error: RegexError = assertThrows(() => parseRegex(pattern), RegexError);
    assertEquals([error.text, error.problem], [pattern, problem]);
    assertEquals(error.message.startsWith(`/${pattern}/ is not a usable regular expression: `), true);
  }
});

Deno.test("a valid pattern is compiled with the flags asked for", () => {
  assertEquals(parseRegex("(?i)a", "gi").flags, "giu");
});
