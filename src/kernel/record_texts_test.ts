import { assertEquals } from "@std/assert";
import { NGINX_SOURCE, testKernel } from "../../tests/support/kernel.ts";
import { recordTexts } from "./record_texts.ts";

Deno.test("rows become records with their columns and constants, in message order", () => {
  const kernel = testKernel();
  const line = (content: string) => `2022-07-13T15:45:54Z stderr F ${content}\n`;
  const bytes = new TextEncoder().encode(line('\ufeffé "quoted"') + line(""));
  kernel.chunk.set(bytes);
  const rows = kernel.decodeContainerLog(bytes.length, 3);
  const fields = [
    { name: "content", column: 0, escape: true },
    { name: "_source_", column: 2, escape: false },
    { name: "_container_name_", text: "web" },
  ];
  const batch = { source: NGINX_SOURCE, rows, fields, offsetStart: 0, offsetEnd: 0, offsetSafe: 0 };
  const seconds = Date.parse("2022-07-13T15:45:54Z") / 1000;
  const tags = [{ name: "_source_", value: "stderr" }, { name: "_container_name_", value: "web" }];
  assertEquals(recordTexts(kernel, batch), [
    { seconds, fields: [{ name: "content", value: '\ufeffé "quoted"' }, ...tags] },
    { seconds, fields: [{ name: "content", value: "" }, ...tags] },
  ]);
});

Deno.test("bytes that are no UTF-8 become U+FFFD in a record's text", () => {
  const kernel = testKernel();
  const head = new TextEncoder().encode("2022-07-13T15:45:54Z stdout F ");
  kernel.chunk.set([...head, 0x61, 0xff, 0xe2, 0x82, 0x62, 0x0a]);
  const rows = kernel.decodeContainerLog(head.length + 6, 3);
  const fields = [{ name: "content", column: 0, escape: true }];
  const batch = { source: NGINX_SOURCE, rows, fields, offsetStart: 0, offsetEnd: 0, offsetSafe: 0 };
  assertEquals(recordTexts(kernel, batch)[0].fields, [{ name: "content", value: "a\ufffd\ufffdb" }]);
});
