import { assertEquals } from "@std/assert";
import { testKernel } from "../../tests/support/kernel.ts";
import { tutorialTemplate } from "./tutorial_form.ts";
import { tutorialText } from "./tutorial_text.ts";

/** What the kernel renders for the same fields. A time of 0 seconds: no row was decoded. */
async function rendered(pairs: readonly (readonly [string, string])[]): Promise<string> {
  const kernel = testKernel();
  const slot = await kernel.takeSlot(() => 0);
  const template = tutorialTemplate(pairs.map(([name, text]) => ({ name, text })));
  kernel.renderLines(template, 0, 1, slot);
  return new TextDecoder().decode(slot.records).trimEnd();
}

Deno.test("a record as text has the same bytes as from the kernel", async () => {
  const controls = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).join("");
  const cases: readonly (readonly (readonly [string, string])[])[] = [
    [],
    [["content", ""]],
    [["content", "a"], ["_time_", "2022"], ["content", "a"]],
    [["content", controls]],
    [['a"b\\', "<a href='x'>&\u2028\u2029/</a>"]],
    [["content", "日本 😀 \ud800 x \udc00\ud800"]],
  ];
  for (const pairs of cases) {
    const fields = pairs.map(([name, value]) => ({ name, value }));
    assertEquals(tutorialText({ seconds: 0, fields }), await rendered(pairs), JSON.stringify(pairs));
  }
});

Deno.test("the walk-through's record", () => {
  const fields = [{ name: "content", value: 'GET "/"' }, { name: "_source_", value: "stdout" }];
  const expected = String
    .raw`{"Time":1657727155,"Contents":[{"Key":"content","Value":"GET \"/\""},{"Key":"_source_","Value":"stdout"}]}`;
  assertEquals(tutorialText({ seconds: 1657727155, fields }), expected);
});

Deno.test("lone surrogates become U+FFFD, in names too", () => {
  const fields = [{ name: "k\ud800", value: "\udc00v" }];
  assertEquals(tutorialText({ seconds: 1, fields }), '{"Time":1,"Contents":[{"Key":"k\ufffd","Value":"\ufffdv"}]}');
});
