import { assertEquals } from "@std/assert";
import { flusherFileOptions } from "./file_options.ts";

function problems(given: Record<string, unknown>): string[] {
  const issues = flusherFileOptions().safeParse(given).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

Deno.test("a path is enough", () => {
  const expected = { filePath: "/data/a.log", fileBytesMax: 10_485_760, siblingsMax: 10 };
  assertEquals(flusherFileOptions().parse({ FilePath: "/data/a.log" }), expected);
});

Deno.test("FilePath: a file, not a directory", () => {
  for (const path of ["a", "a/b.log", "./a", "../a", "/a b/ü", "/.hidden", "/a..", "...", "/device", "dev/a"]) {
    assertEquals(flusherFileOptions().parse({ FilePath: path }).filePath, path);
  }
  for (
    const path of [
      "",
      "/",
      "/a/",
      ".",
      "..",
      "a/.",
      "/a/..",
      "a\0b",
      "/dev/shm/a",
      "//dev/stdout",
      "/proc/1/fd/1",
      "/sys/a",
    ]
  ) {
    const expected = [`FilePath: must be the path of a file outside of /dev, /proc and /sys, not "${path}"`];
    assertEquals(problems({ FilePath: path }), expected, JSON.stringify(path));
  }
});

Deno.test("MaxFileSize, MaxFiles: how large a file may be and how many are kept beside it", () => {
  const given = { FilePath: "/a", MaxFileSize: "1", MaxFiles: "0" };
  assertEquals(flusherFileOptions().parse(given), { filePath: "/a", fileBytesMax: 1, siblingsMax: 0 });
  assertEquals(flusherFileOptions().parse({ ...given, MaxFiles: "200000" }).siblingsMax, 200_000);
});

Deno.test("all that is wrong is told at once", () => {
  assertEquals(problems({ MaxFileSize: "0", MaxFiles: "200001" }), [
    "FilePath: missing: must be the path of a file outside of /dev, /proc and /sys",
    'MaxFileSize: must be a whole number, 1 or more, not "0"',
    'MaxFiles: must be a whole number from 0 to 200000, not "200001"',
  ]);
});
