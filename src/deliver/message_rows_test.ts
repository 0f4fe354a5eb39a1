import { assert, assertEquals } from "@std/assert";
import { decodeLogLines } from "../../tests/support/form_rendering.ts";
import { NGINX_SOURCE, testKernel } from "../../tests/support/kernel.ts";
import { seededRandom } from "../../tests/support/random.ts";
import type { Batch, Field } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Template } from "../kernel/template.ts";
import type { MessageForm } from "./message_form.ts";
import { MessageRowsMaker } from "./message_rows.ts";

const NO_FIELDS: readonly Field[] = [];

/** The values, and how often a template was made. */
class PlainForm implements MessageForm {
  templatesMade = 0;

  template(): Template {
    this.templatesMade++;
    return new Template([{ kind: "verbatim", column: 0 }]);
  }

  message({ fields }: { fields: readonly { readonly value: string }[] }): string {
    return fields.map(({ value }) => value).join(" ");
  }
}

function batchOf(texts: readonly string[]): Batch {
  const records = texts.map((value) => ({ seconds: 0, fields: [{ name: "content", value }] }));
  return { source: NGINX_SOURCE, rows: 0, fields: NO_FIELDS, records, offsetStart: 0, offsetEnd: 0, offsetSafe: 0 };
}

/** The values as bytes, and how often a template was asked for, which there is not. */
class BytesForm implements MessageForm {
  templatesAsked = 0;

  template(): undefined {
    this.templatesAsked++;
    return undefined;
  }

  message(record: LogRecord): Uint8Array {
    return new TextEncoder().encode(new PlainForm().message(record));
  }
}

/** What the kernel renders of a batch, message by message, portion by portion, and what was refused. */
async function render(kernel: Kernel, batch: Batch, form: MessageForm = new PlainForm()) {
  const refused: (string | Uint8Array)[] = [];
  const portions: string[][] = [];
  for (
    const { template, rowFrom, rowTo } of new MessageRowsMaker(kernel, form).rowsOf(batch, (it) => refused.push(it))
  ) {
    const messages: string[] = [];
    for (let row = rowFrom; row < rowTo;) {
      const slot = await kernel.takeSlot(() => 0);
      row = kernel.renderLines(template, row, rowTo, slot);
      messages.push(...new TextDecoder("utf-8", { ignoreBOM: true }).decode(slot.records).split("\n").slice(0, -1));
      slot.release();
    }
    portions.push(messages);
  }
  return { portions, refused };
}

Deno.test("decoded rows are rendered as they are, by one template for each list of fields", () => {
  const form = new PlainForm();
  const maker = new MessageRowsMaker(testKernel(), form);
  const decoded = { ...batchOf([]), records: undefined, rows: 3 };
  const rowsOf = (batch: Batch) => [...maker.rowsOf(batch, () => {})];
  const [first] = rowsOf(decoded);
  assertEquals([first.rowFrom, first.rowTo], [0, 3]);
  assert(rowsOf({ ...decoded, rows: 5 })[0].template === first.template);
  assertEquals(form.templatesMade, 1);
  assert(rowsOf({ ...decoded, fields: [] })[0].template !== first.template);
  assertEquals(form.templatesMade, 2);
});

Deno.test("messages of any text come out as they went in: none, empty ones, every plane, half a character", async () => {
  const texts = ["", "a", "ä€😀", "\ufeffmark", '"\\', "\ud800"];
  assertEquals(await render(testKernel(), batchOf([])), { portions: [], refused: [] });
  const { portions, refused } = await render(testKernel(), batchOf(texts));
  assertEquals([portions, refused], [[[...texts.slice(0, -1), "\ufffd"]], []]);
});

Deno.test("more messages than there are rows come in portions, complete and in order", async () => {
  const texts = Array.from({ length: 10 }, (_, number) => `${number}`);
  const { portions } = await render(testKernel({ rowsMax: 4 }), batchOf(texts));
  assertEquals(portions, [texts.slice(0, 4), texts.slice(4, 8), texts.slice(8)]);
});

Deno.test("a message that no batch has room for is refused, and those around it are not", async () => {
  const kernel = testKernel({ batchBytesMax: 4096, lineBytesMax: 1024 });
  const longest = "x".repeat(kernel.textBytesMax);
  for (const tooLong of [`${longest}x`, "€".repeat(Math.ceil(kernel.textBytesMax / 3) + 1), "y".repeat(1_000_000)]) {
    const { portions, refused } = await render(
      kernel,
      batchOf([tooLong, "a", longest, tooLong, tooLong, "b", tooLong]),
    );
    assertEquals(portions.flat(), ["a", longest, "b"]);
    assertEquals(refused, [tooLong, tooLong, tooLong, tooLong]);
  }
});

Deno.test("decoded rows of a form without a template are made text, then messages, and portions of both are complete", async () => {
  const kernel = testKernel({ rowsMax: 4 });
  const lines = "2022-07-13T23:45:54+08:00 stdout F a\n2022-07-13T23:45:54+08:00 stderr F é😀\nraw\n";
  const fields: Field[] = [
    { name: "content", column: 0, escape: true },
    { name: "x", text: "constant" },
    { name: "_source_", column: 2, escape: false },
  ];
  const form = new BytesForm();
  const batch = decodeLogLines(kernel, new TextEncoder().encode(lines), fields);
  assertEquals(await render(kernel, batch, form), {
    portions: [["a constant stdout", "é😀 constant stderr", "raw constant "]],
    refused: [],
  });
  assertEquals(form.templatesAsked, 1);
});

Deno.test("that a form has no template is asked once for each list of fields", () => {
  const form = new BytesForm();
  const maker = new MessageRowsMaker(testKernel(), form);
  const decoded = { ...batchOf([]), records: undefined };
  for (let round = 0; round < 3; round++) assertEquals([...maker.rowsOf(decoded, () => {})], []);
  assertEquals(form.templatesAsked, 1);
});

Deno.test("messages of bytes come out as they went in, and one that is too long is refused as bytes", async () => {
  const kernel = testKernel({ batchBytesMax: 4096, lineBytesMax: 1024 });
  const tooLong = "€".repeat(kernel.textBytesMax);
  const { portions, refused } = await render(kernel, batchOf(["a", tooLong, "é"]), new BytesForm());
  assertEquals([portions.flat(), refused], [["a", "é"], [new TextEncoder().encode(tooLong)]]);
});

Deno.test("random messages, some of them too long, come out once each and in order", async () => {
  const random = seededRandom("message rows");
  const kernel = testKernel({ batchBytesMax: 4096, lineBytesMax: 1024, rowsMax: 50 });
  for (let round = 0; round < 30; round++) {
    const texts = Array.from({ length: random.integer(0, 300) }, () => {
      const size = random.pick([0, 1, 10, 1000, kernel.textBytesMax - 1, kernel.textBytesMax + 1]);
      return random.pick(["a", "ä", "€", "😀"]).repeat(random.integer(0, Math.ceil(size / 2)));
    });
    const fits = (text: string) => new TextEncoder().encode(text).length <= kernel.textBytesMax;
    const { portions, refused } = await render(kernel, batchOf(texts));
    assertEquals([portions.flat(), refused], [texts.filter(fits), texts.filter((text) => !fits(text))]);
  }
});
