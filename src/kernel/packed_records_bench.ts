import { containerLogDecoder } from "../decode/container_log.ts";
import { batchCodec } from "../deliver/kafka/compression.ts";
import { tutorialTemplate } from "../encode/tutorial_form.ts";
import { NGINX_SOURCE, nginxLine, testKernel } from "../../tests/support/kernel.ts";

const CHUNK_BYTES = 256 * 1024;
const encoder = new TextEncoder();
const prefix = "2022-07-13T23:45:54.976593653+08:00 stdout F ";
const LINES: Record<string, (number: number) => string> = {
  "nginx access, 210 B": nginxLine,
  "short, 60 B": (number) => `${prefix}${number}\n`,
  "long, 16 KB": () => `${prefix}${"x".repeat(16384)}\n`,
  "all escaped": () => `${prefix}${'"\\'.repeat(500)}\n`,
};
/** Level 0 of LZ4 is written while rendering, level 1 searches when the batch is sealed. */
const CODECS = {
  "not compressed": undefined,
  "lz4 while rendering": batchCodec("lz4", 0),
  "lz4 that searches": batchCodec("lz4", 1),
};

for (const [name, line] of Object.entries(LINES)) {
  for (const [how, codec] of Object.entries(CODECS)) {
    const kernel = testKernel({ slots: 1, rowsMax: 8192 });
    const counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
    const options = { stdout: true, stderr: true, multiline: undefined, timeOfFirst: false };
    const decoder = containerLogDecoder(options, { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => 0 });
    const text = Array.from({ length: 8000 }, (_, number) => line(number)).join("").slice(0, CHUNK_BYTES);
    const size = encoder.encodeInto(text.slice(0, text.lastIndexOf("\n") + 1), kernel.chunk).written;
    const batch = decoder.decode({ offset: 0, size });
    const template = tutorialTemplate(batch.fields);
    Deno.bench({ name: `render, seal ${name}, ${how}`, group: name, n: 400, warmup: 50 }, async () => {
      for (let row = 0; row < batch.rows;) {
        const slot = await kernel.takeSlot(() => 0);
        slot.compressWith(codec);
        row = kernel.renderRecords(template, row, batch.rows, slot);
        slot.seal(1n, 0, 0);
        slot.release();
      }
    });
  }
}
