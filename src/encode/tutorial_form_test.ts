import { assertEquals } from "@std/assert";
import { NGINX_SOURCE, testKernel } from "../../tests/support/kernel.ts";
import { containerLogDecoder } from "../decode/container_log.ts";
import type { Source } from "../core/source.ts";
import { recordOf } from "../../tests/support/form_records.ts";
import { messageBytes, renderMessages } from "../../tests/support/form_rendering.ts";
import { tutorialForm, tutorialTemplate } from "./tutorial_form.ts";

async function renderLine(line: string, source: Source = NGINX_SOURCE): Promise<string> {
  const kernel = testKernel();
  const counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
  const options = { stdout: true, stderr: true, multiline: undefined, timeOfFirst: false };
  const decoder = containerLogDecoder(options, { kernel, source, counts, nowSeconds: () => 5 });
  const bytes = new TextEncoder().encode(line + "\n");
  kernel.chunk.set(bytes);
  const batch = decoder.decode({ offset: 0, size: bytes.length });
  const slot = await kernel.takeSlot(() => 0);
  kernel.renderLines(tutorialTemplate(batch.fields), 0, batch.rows, slot);
  return new TextDecoder().decode(slot.records);
}

Deno.test("a record has the walk-through's form, byte by byte", async () => {
  const line = "2022-07-13T23:45:54.976593653+08:00 stdout F " +
    '::1 - - [13/Jul/2022:15:45:54 +0000] "GET /hello/ilogtail HTTP/1.1" 404 153 "-" "curl/7.74.0" "-"';
  const expected = String
    .raw`{"Time":1657727154,"Contents":[{"Key":"content","Value":"::1 - - [13/Jul/2022:15:45:54 +0000] \"GET /hello/ilogtail HTTP/1.1\" 404 153 \"-\" \"curl/7.74.0\" \"-\""},{"Key":"_time_","Value":"2022-07-13T23:45:54.976593653+08:00"},{"Key":"_source_","Value":"stdout"},{"Key":"_image_name_","Value":"docker.io/library/nginx:latest"},{"Key":"_container_name_","Value":"nginx"},{"Key":"_pod_name_","Value":"nginx-76d49876c7-r892w"},{"Key":"_namespace_","Value":"default"},{"Key":"_pod_uid_","Value":"07f75a79-da69-40ac-ae2b-77a632929cc6"},{"Key":"_container_ip_","Value":"10.223.0.154"}]}`;
  assertEquals(await renderLine(line), expected + "\n");
});

Deno.test("names and values of tags are escaped, a raw line has empty time and stream", async () => {
  const source = { key: "k", path: "/p", start: "first" as const, tags: [['a"b', "c\\d\n\ud800"]] as const };
  assertEquals(JSON.parse(await renderLine("raw", source)), {
    Time: 5,
    Contents: [
      { Key: "content", Value: "raw" },
      { Key: "_time_", Value: "" },
      { Key: "_source_", Value: "" },
      { Key: 'a"b', Value: "c\\d\n\ufffd" },
    ],
  });
});

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
    const template = tutorialTemplate(pairs.map(([name, text]) => ({ name, text })));
    // A time of 0 seconds: no row was decoded.
    const [rendered] = await renderMessages(testKernel(), template, 1);
    assertEquals(messageBytes(tutorialForm(), recordOf(pairs, 0)), rendered, JSON.stringify(pairs));
  }
});

Deno.test("the walk-through's record as text", () => {
  const record = recordOf([["content", 'GET "/"'], ["_source_", "stdout"]], 1657727155);
  const expected = String
    .raw`{"Time":1657727155,"Contents":[{"Key":"content","Value":"GET \"/\""},{"Key":"_source_","Value":"stdout"}]}`;
  assertEquals(tutorialForm().message(record), expected);
});

Deno.test("lone surrogates become U+FFFD, in names too", () => {
  const record = recordOf([["k\ud800", "\udc00v"]], 1);
  assertEquals(tutorialForm().message(record), '{"Time":1,"Contents":[{"Key":"k\ufffd","Value":"\ufffdv"}]}');
});
