/** @module */
import { assertEquals } from "@std/assert";
import { criFormat, dockerFormat } from "./log_format.ts";

Deno.test("a line of the CRI", () => {
  assertEquals(criFormat.line(criFormat.time(1), "a b"), "2026-07-13T23:45:54.001593653+08:00 stdout F a b\n");
});

for (
  const [content, log] of [
    ["plain", "plain"],
    ['"quoted" \\', String.raw`\"quoted\" \\`],
    ["<a & b>", String.raw`\u003ca \u0026 b\u003e`],
    ["\tat\r", String.raw`\u0009at\r`],
    ["\b\f\x01\u2028", String.raw`\u0008\u000c\u0001\u2028`],
    ["\\t", String.raw`\\t`],
    ["Grüße, 世界 🌍", "Grüße, 世界 🌍"],
  ]
) {
  Deno.test(`a line of Docker with ${JSON.stringify(content)}`, () => {
    const line = dockerFormat.line("T", content);
    assertEquals(line, `{"log":"${log}\\n","stream":"stdout","time":"T"}\n`);
    assertEquals(JSON.parse(line).log, `${content}\n`);
  });
}

Deno.test("Docker's times have no trailing zeros", () => {
  assertEquals(dockerFormat.time(0), "2026-07-13T15:45:54Z");
  assertEquals(dockerFormat.time(10), "2026-07-13T15:45:54.01093653Z");
  assertEquals(dockerFormat.time(6_000), "2026-07-13T15:46:00.000918Z");
});
