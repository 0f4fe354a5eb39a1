import { assert, assertEquals } from "@std/assert";
import { testKernel } from "../../tests/support/kernel.ts";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import { randomScriptBytes } from "../../tests/support/script_texts.ts";
import { Envelope } from "./envelope.ts";
import type { Kernel } from "./kernel.ts";
import { Template, type TemplatePiece } from "./template.ts";

const LIMITS = { lineBytesMax: 100_000, batchBytesMax: 60_000, slots: 2, rowsMax: 512 };
const encoder = new TextEncoder();

/** Constants with a value between any two: the kernel renders many rows of it together. */
function randomPieces(random: Random): TemplatePiece[] {
  const constant = (): TemplatePiece => {
    const size = random.pick([0, 1, 15, 16, 30, 31, 32, 33, 63, 64, 65, 66, 127, 128, 129, 300]);
    return { kind: "constant", bytes: encoder.encode("constant ".repeat(40).slice(0, size)) };
  };
  const value = (): TemplatePiece => {
    const column = random.integer(0, 2);
    return random.pick<TemplatePiece>([{ kind: "escaped", column }, { kind: "verbatim", column }, { kind: "seconds" }]);
  };
  return [constant(), ...Array.from({ length: random.integer(1, 12) }, () => [value(), constant()]).flat()];
}

function randomContent(random: Random, kind: number): Uint8Array {
  if (kind === 0) return randomScriptBytes(random).filter((byte) => byte !== 0x0a);
  if (kind === 1) return encoder.encode('"\\\t'.repeat(random.integer(0, 1000)));
  const sizes = kind === 2 ? [0, 1, 15, 16, 17, 31, 32, 33] : [60, 61, 62, 63, 64, 100, 8000, 8100, 8192, 20_000];
  return encoder.encode("x".repeat(random.pick(sizes)));
}

/** Decodes lines; @returns the number of their rows. */
function decodeLines(kernel: Kernel, random: Random): number {
  const kinds = random.pick([[2], [0, 2], [0, 1, 2, 3]]);
  const lines = Array.from({ length: random.pick([1, 3, 40, 200]) }, () => {
    const time = `2022-07-13T23:45:${random.integer(10, 12)}.${random.integer(1, 999)}+08:00`;
    const head = encoder.encode(`${time} ${random.pick(["stdout", "stderr"])} F `);
    return [...head, ...randomContent(random, random.pick(kinds)), 0x0a];
  });
  const bytes = lines.flat().slice(0, kernel.chunk.length);
  kernel.chunk.set(bytes);
  return kernel.decodeContainerLog(bytes.length, 3);
}

/** A template of the same messages that goes the general way: it ends with two constants. */
function unusual(pieces: readonly TemplatePiece[]): Template {
  return new Template([...pieces, { kind: "constant", bytes: new Uint8Array(0) }]);
}

Deno.test("many rows that are rendered together are those that are rendered one by one", async () => {
  const random = seededRandom("usual rows");
  const kernel = testKernel(LIMITS);
  let together = 0;
  for (let round = 0; round < 1200; round++) {
    const rows = decodeLines(kernel, random);
    const pieces = randomPieces(random);
    const headers = random.pick([[], [{ key: "header", value: "h".repeat(random.integer(0, 20)) }]]);
    const envelope = new Envelope(random.pick([undefined, undefined, "key", { column: 2 }]), headers);
    const [slot, other] = [await kernel.takeSlot(() => 0), await kernel.takeSlot(() => 0)];
    // As a batch that has records already.
    const before = random.pick([0, 0, 1, 60]);
    for (const one of [slot, other]) {
      for (let more = before; more > 0; more--) kernel.renderRecords(unusual(pieces), 0, 1, one, envelope);
    }
    if (random.integer(0, 1) === 0) slot.limitTo(random.integer(2000, 60_000));
    const { end } = slot;
    const next = kernel.renderRecords(new Template(pieces), 0, rows, slot, envelope);
    // What surely fits may be less where it is asked of all values of a row together.
    if (kernel.renderRecords(unusual(pieces), 0, next, other, envelope) === next) {
      assertEquals(slot.records, other.records);
      if (next > 16) together++;
    }
    assert(slot.recordCount === 1 || slot.end <= Math.max(slot.limit, end), `${slot.end} is beyond ${slot.limit}`);
    slot.release();
    other.release();
  }
  assert(together > 300, `only ${together} rounds`);
});
