import { assertEquals } from "@std/assert";
import { testKernel } from "../../tests/support/kernel.ts";
import { flatForm } from "./flat_form.ts";

Deno.test("a record is one flat object: tags, the time, the other fields", () => {
  const fields = [
    { name: "content", value: 'a "b" <&>' },
    { name: "__tag__:__path__", value: "/a.log" },
    { name: "_pod_name_", value: "web" },
    { name: "__tag__:_pod_ip_", value: "10.0.0.7" },
    { name: "content", value: "" },
  ];
  const expected = '{"__path__":"/a.log","_pod_ip_":"10.0.0.7","__time__":1657727155,' +
    String.raw`"content":"a \"b\" <&>","_pod_name_":"web","content":""}`;
  assertEquals(flatForm().message({ seconds: 1657727155, fields }), expected);
});

Deno.test("a record without tags, or without anything", () => {
  const fields = [{ name: "content", value: "x" }];
  assertEquals(flatForm().message({ seconds: 1, fields }), '{"__time__":1,"content":"x"}');
  assertEquals(flatForm().message({ seconds: 1, fields: [] }), '{"__time__":1}');
});

Deno.test("the kernel renders the same", async () => {
  const kernel = testKernel();
  const slot = await kernel.takeSlot(() => 0);
  const fields = [{ name: "a", text: 'x"\ny' }, { name: "__tag__:b", text: "\ud800" }];
  kernel.renderLines(flatForm().template(fields)!, 0, 1, slot);
  const record = { seconds: 0, fields: fields.map(({ name, text }) => ({ name, value: text })) };
  assertEquals(new TextDecoder().decode(slot.records), flatForm().message(record) + "\n");
});
