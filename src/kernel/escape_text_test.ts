import { assertEquals } from "@std/assert";
import { testKernel } from "../../tests/support/kernel.ts";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import { randomScriptBytes, textsWithPair } from "../../tests/support/script_texts.ts";
import type { Kernel } from "./kernel.ts";
import { Template } from "./template.ts";
import { MESSAGE_COLUMN } from "./text_rows.ts";

const ESCAPED = new Template([{ kind: "escaped", column: MESSAGE_COLUMN }]);
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Escapes texts that lie in memory one behind the other. */
async function escape(kernel: Kernel, texts: readonly Uint8Array[]): Promise<string[]> {
  const escaped: string[] = [];
  const slot = await kernel.takeSlot(() => 0);
  for (let from = 0; from < texts.length;) {
    const rows = kernel.setTexts(texts, from);
    const rendered = kernel.renderRecords(ESCAPED, 0, rows, slot);
    for (const message of slot.messages()) escaped.push(decoder.decode(message));
    from += rendered;
    slot.open(0);
  }
  slot.release();
  return escaped;
}

/** The same by others. */
function escapeSlowly(text: Uint8Array): string {
  return JSON.stringify(new TextDecoder("utf-8", { ignoreBOM: true }).decode(text)).slice(1, -1);
}

async function check(kernel: Kernel, texts: readonly Uint8Array[]): Promise<void> {
  const escaped = await escape(kernel, texts);
  assertEquals(escaped.length, texts.length);
  const index = texts.findIndex((text, index) => escaped[index] !== escapeSlowly(text));
  assertEquals(escaped[index], index < 0 ? undefined : escapeSlowly(texts[index]), `text ${texts[index]}`);
}

/** Cuts `bytes` wherever, also within characters. */
function cut(bytes: Uint8Array, random: Random): Uint8Array[] {
  const at = [0, ...Array.from({ length: random.pick([0, 0, 1, 4]) }, () => random.integer(0, bytes.length))];
  at.sort((a, b) => a - b);
  return at.map((start, index) => bytes.subarray(start, at[index + 1]));
}

Deno.test("texts of any script are escaped as TextDecoder and JSON.stringify() do it, whatever stands around them", async () => {
  const random = seededRandom("escaped texts");
  const kernel = testKernel();
  for (let round = 0; round < 100; round++) {
    await check(kernel, Array.from({ length: 100 }, () => cut(randomScriptBytes(random), random)).flat());
  }
});

Deno.test("every first byte, with every second and any number of others behind it, is told from what is no character", async () => {
  const random = seededRandom("pairs of bytes");
  const kernel = testKernel();
  for (let first = 0xc0; first <= 0xff; first++) await check(kernel, textsWithPair(first, random));
});
