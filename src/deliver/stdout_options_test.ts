import { assertEquals } from "@std/assert";
import { flusherStdoutOptions } from "./stdout_options.ts";

function problems(given: Record<string, unknown>): string[] {
  const issues = flusherStdoutOptions().safeParse(given).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

Deno.test("without options records go to standard output, in the walk-through's form", () => {
  assertEquals(flusherStdoutOptions().parse({}), {
    target: "standard output",
    fileBytesMax: 1_048_576,
    siblingsMax: 1,
    isFlat: false,
    hasTagLines: false,
  });
});

Deno.test("OnlyStdout, FileName: where records go", () => {
  const cases: [given: Record<string, string>, target: unknown][] = [
    [{ OnlyStdout: "true" }, "standard output"],
    [{ OnlyStdout: "false" }, "agent's log"],
    [{ FileName: "/tmp/x" }, { path: "/tmp/x" }],
    [{ OnlyStdout: "false", FileName: "/tmp/x" }, { path: "/tmp/x" }],
    [{ OnlyStdout: "true", FileName: "/tmp/x" }, "standard output"],
    [{ FileName: "logs/x.log" }, { path: "logs/x.log" }],
  ];
  for (const [given, target] of cases) {
    assertEquals(flusherStdoutOptions().parse(given).target, target, JSON.stringify(given));
  }
});

Deno.test("MaxSize, MaxRolls: how large a file may be and how many are kept; what is not above 0 counts as not given", () => {
  const { fileBytesMax, siblingsMax } = flusherStdoutOptions().parse({ MaxSize: "10", MaxRolls: "3" });
  assertEquals([fileBytesMax, siblingsMax], [10, 3]);
  for (const nothing of ["0", "-1"]) {
    const options = flusherStdoutOptions().parse({ MaxSize: nothing, MaxRolls: nothing });
    assertEquals([options.fileBytesMax, options.siblingsMax], [1_048_576, 1]);
  }
});

Deno.test("KeyValuePairs, Tags: what lines there are", () => {
  const { isFlat, hasTagLines } = flusherStdoutOptions().parse({ KeyValuePairs: "true", Tags: "yes" });
  assertEquals([isFlat, hasTagLines], [true, true]);
});

Deno.test("all that is wrong is told at once", () => {
  const given = { OnlyStdout: "2", FileName: "/tmp/", MaxSize: "1m", MaxRolls: "x", KeyValuePairs: "1", Tags: "" };
  assertEquals(problems(given), [
    'OnlyStdout: must be true or false, not "2"',
    'FileName: must be the path of a file outside of /dev, /proc and /sys, not "/tmp/"',
    'MaxSize: must be a whole number, not "1m"',
    'MaxRolls: must be a whole number, not "x"',
    'KeyValuePairs: must be true or false, not "1"',
    'Tags: must be true or false, not ""',
  ]);
});
