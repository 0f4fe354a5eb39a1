import { assertEquals } from "@std/assert";
import { testKernel } from "../../tests/support/kernel.ts";
import { keyValueForm } from "./key_value_form.ts";

Deno.test("a record is one flat object, its time a text at the end", () => {
  const fields = [{ name: "content", value: 'a "b" <&>' }, { name: "a\\b", value: "1" }, {
    name: "content",
    value: "2",
  }];
  const expected = String.raw`{"content":"a \"b\" <&>","a\\b":"1","content":"2","__time__":"1657727155"}`;
  assertEquals(keyValueForm().message({ seconds: 1657727155, fields }), expected);
  assertEquals(keyValueForm().message({ seconds: 0, fields: [] }), '{"__time__":"0"}');
});

Deno.test("the kernel renders the same", async () => {
  const kernel = testKernel();
  const slot = await kernel.takeSlot(() => 0);
  const fields = [{ name: "a", text: 'x"\ny' }, { name: "b", text: "\ud800" }];
  kernel.renderLines(keyValueForm().template(fields)!, 0, 1, slot);
  const record = { seconds: 0, fields: fields.map(({ name, text }) => ({ name, value: text })) };
  assertEquals(new TextDecoder().decode(slot.records), keyValueForm().message(record) + "\n");
});
