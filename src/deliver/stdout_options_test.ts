import { assertEquals } from "@std/assert";
import { flusherStdoutOptions } from "./stdout_options.ts";

Deno.test("standard output needs no option, and its other forms are refused", () => {
  assertEquals(flusherStdoutOptions.parse({}), {});
  assertEquals(flusherStdoutOptions.parse({ OnlyStdout: "false", Tags: "false", MaxSize: "1" }), {});
  for (const refused of [{ FileName: "/tmp/x" }, { KeyValuePairs: "true" }, { Tags: "yes" }, { OnlyStdout: "2" }]) {
    assertEquals(flusherStdoutOptions.safeParse(refused).success, false, JSON.stringify(refused));
  }
});
