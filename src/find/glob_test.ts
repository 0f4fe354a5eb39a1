import { assert, assertEquals } from "@std/assert";
import { compileGlob, compilePathGlob, hasWildcard } from "./glob.ts";
import { seededRandom } from "../../tests/support/random.ts";

const CASES: readonly (readonly [pattern: string, matching: readonly string[], others: readonly string[]])[] = [
  ["*.log", ["a.log", ".log", "a.b.log", ".hidden.log"], ["a.log.1", "log", "a.LOG"]],
  ["a?c", ["abc", "a.c", "aéc", "a😀c"], ["ac", "abbc"]],
  ["*", ["", "a", ".a"], []],
  ["a**b", ["ab", "axxb"], ["a", "axbx"]],
  ["*a*b*", ["ab", "xaxbx", "aab"], ["ba", "aaa"]],
  ["[a-c]1", ["a1", "c1"], ["d1", "-1", "1"]],
  ["[!a-c]1", ["d1", "]1"], ["a1", "1"]],
  ["[^a]", ["b", "^"], ["a"]],
  ["[]x]", ["]", "x"], ["[", "[]x]"]],
  ["[!]x]", ["a"], ["]", "x"]],
  ["[a-]", ["a", "-"], ["b"]],
  ["[[:digit:]]*", ["1", "12a"], ["a1", "[:digit:]"]],
  ["[[:upper:]_]x", ["Ax", "_x"], ["ax"]],
  ["[\\]a]", ["]", "a"], ["\\"]],
  ["[😀-😂]", ["😁"], ["a"]],
  ["\\*.log", ["*.log"], ["a.log"]],
  ["a\\", ["a\\"], ["a"]],
  ["[abc", ["[abc"], ["a"]],
  ["[]", ["[]"], ["a"]],
  ["a+(b).$", ["a+(b).$"], ["aab"]],
  ["/a/*", ["/a/b", "/a/b/c"], ["/a"]],
];

for (const [pattern, matching, others] of CASES) {
  Deno.test(`the pattern ${pattern} matches ${matching.join(" ")} and not ${others.join(" ")}`, () => {
    const glob = compileGlob(pattern);
    assertEquals(matching.filter((text) => !glob(text)), []);
    assertEquals(others.filter(glob), []);
  });
}

Deno.test("in a pattern for paths only a slash matches a slash", () => {
  const glob = compilePathGlob("/var/*/app?/[a/b]*.log");
  assertEquals(["/var/x/app1/[a/b].log", "/var/x/y/app1/[a/b].log", "/var/x/app/[a/b].log"].map(glob), [
    true,
    false,
    false,
  ]);
  assertEquals(["/a/b", "/a/b/", "/a"].map(compilePathGlob("/a/?")), [true, false, false]);
});

Deno.test("hasWildcard() tells what is meant as it is", () => {
  assertEquals(["a.log", "a*", "a?", "[a", "a\\b", "{a,b}"].map(hasWildcard), [false, true, true, true, true, false]);
});

Deno.test("a pattern of runs and letters matches as the same regular expression does", () => {
  const random = seededRandom("glob");
  for (let round = 0; round < 3000; round++) {
    const pattern = Array.from({ length: random.integer(0, 6) }, () => random.pick(["a", "b", "*", "?"])).join("");
    const text = Array.from({ length: random.integer(0, 8) }, () => random.pick(["a", "b"])).join("");
    const regex = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
    assertEquals(compileGlob(pattern)(text), regex.test(text), `${pattern} and ${text}`);
  }
});

Deno.test("a name made to be slow is not", () => {
  const glob = compileGlob(`${"*a".repeat(60)}*b`);
  const startMs = performance.now();
  assertEquals(glob("a".repeat(4000)), false);
  assert(performance.now() - startMs < 1000);
});
