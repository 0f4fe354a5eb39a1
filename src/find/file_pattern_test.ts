import { assertEquals, assertThrows } from "@std/assert";
import { FilePatternError, parseFilePattern } from "./file_pattern.ts";

/** Constant parts as they are, patterns as `~`. */
function shapeOf(text: string, rootAllowed = false) {
  const { directories, isDeep, name } = parseFilePattern(text, { rootAllowed });
  const show = (part: string | ((text: string) => boolean)) => typeof part === "string" ? part : "~";
  return `/${[...directories.map(show), ...(isDeep ? ["**"] : []), show(name)].join("/")}`;
}

const VALID = [
  ["/var/log/app.log", "/var/log/app.log"],
  ["/var/log/*.log", "/var/log/~"],
  ["/var/log/app[0-9].log", "/var/log/~"],
  ["/var/log/**/*.log", "/var/log/**/~"],
  ["/var/*/app-?/x.log", "/var/~/~/x.log"],
  ["/var/*/**/x.log", "/var/~/**/x.log"],
  ["/var//log/./a/../x.log", "/var/log/x.log"],
  ["/var/[old]/x.log", "/var/[old]/x.log"],
  ["/*/x.log", "/~/x.log"],
  ["/var/log/a**", "/var/log/~"],
] as const;

for (const [text, shape] of VALID) {
  Deno.test(`parseFilePattern() reads ${text} as ${shape}`, () => assertEquals(shapeOf(text), shape));
}

const INVALID = [
  ["", ["begin with /", "end with"]],
  ["app.log", ["begin with /"]],
  ["./log/*.log", ["begin with /"]],
  ["/var/log/", ["end with"]],
  ["/", ["end with"]],
  ["/var/**/app/x.log", ["**"]],
  ["/var/**/**/x.log", ["**"]],
  ["/var/a**/x.log", ["**"]],
  ["/var/log/**", ["**"]],
  ["var/**/a/", ["begin with /", "end with"]],
  ["/var/log/*.gz", ["compressed"]],
  ["/var/\0/x.log", ["NUL"]],
  ["/x.log", ["AllowingCollectingFilesInRootDir"]],
  ["/../x.log", ["AllowingCollectingFilesInRootDir"]],
  ["/**/x.log", ["AllowingCollectingFilesInRootDir"]],
] as const;

for (const [text, words] of INVALID) {
  Deno.test(`parseFilePattern() refuses ${JSON.stringify(text)}: ${words.join(", ")}`, () => {
    const error = assertThrows(() => parseFilePattern(text), FilePatternError);
    assertEquals(words.filter((word) => !error.problems.some((problem) => problem.includes(word))), []);
    assertEquals(error.problems.length, words.length, error.message);
  });
}

Deno.test("AllowingCollectingFilesInRootDir lets patterns begin at the root", () => {
  assertEquals([shapeOf("/x.log", true), shapeOf("/**/*.log", true)], ["/x.log", "/**/~"]);
});

Deno.test("an error holds the entry and every problem in one line", () => {
  const { message } = assertThrows(() => parseFilePattern("a/"), FilePatternError);
  assertEquals(
    message,
    '"a/" is not a usable path of files: it must begin with /; ' +
      "it must end with a file's name or a pattern for names, such as *.log",
  );
});
