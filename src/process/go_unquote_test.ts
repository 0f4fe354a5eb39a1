import { assertEquals } from "@std/assert";
import { tryGoUnquote } from "./go_unquote.ts";

Deno.test("each escape stands for its character", () => {
  const cases: readonly [string, string][] = [
    ["", ""],
    ["plain 日本", "plain 日本"],
    [String.raw`\a\b\f\n\r\t\v\\\"`, '\x07\b\f\n\r\t\v\\"'],
    [String.raw`\x22\x41`, '"A'],
    [String.raw`\xe6\x97\xa5\xE6\x9C\xAC`, "日本"],
    [String.raw`\346\227\245`, "日"],
    [String.raw`\u65e5\U0001f600`, "日😀"],
    [String.raw`\xff`, "\ufffd"],
    ["a'b", "a'b"],
    [String.raw`\x00`, "\0"],
    ["\ufeffx", "\ufeffx"],
  ];
  for (const [inside, expected] of cases) assertEquals(tryGoUnquote(inside), expected, inside);
});

Deno.test("what Go refuses is refused", () => {
  const wrong = ["\\", "\\q", "\\'", "\\x4", "\\777", "\\12", "\\u12", "\\ud800", "\\U00110000", 'a"b', "a\nb"];
  assertEquals(wrong.filter((inside) => tryGoUnquote(inside) !== undefined), []);
});
