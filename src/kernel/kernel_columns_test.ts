import { assert, assertEquals } from "@std/assert";
import { testKernel } from "../../tests/support/kernel.ts";

const CONTENT = { name: "content", column: 0, escape: true };
const BOTH = { rowFrom: 0, rowTo: 2 };

Deno.test("columns fit a row while they are no larger than the largest content, escaped", () => {
  const kernel = testKernel({ batchBytesMax: 60_000 });
  // 0.85 × 60,000 bytes, of which each may take six.
  const bytesMax = 8500;
  for (const [bytes, expected] of [[0, true], [bytesMax, true], [bytesMax + 1, false]] as const) {
    const lines = new TextEncoder().encode(`short\n${"x".repeat(bytes)}\n`);
    kernel.chunk.set(lines);
    assertEquals(kernel.decodeLines(lines.length), 2);
    assertEquals(kernel.columns.fit([CONTENT], BOTH), expected);
    assertEquals(kernel.columns.fit([CONTENT, CONTENT], BOTH), bytes === 0);
    assert(kernel.columns.fit([CONTENT, CONTENT], { rowFrom: 0, rowTo: 1 }) && kernel.columns.fit([], BOTH));
  }
});
