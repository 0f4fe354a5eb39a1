import { containerLogDecoder } from "../decode/container_log.ts";
import { tutorialTemplate } from "../encode/tutorial_form.ts";
import { Template } from "./template.ts";
import { NGINX_SOURCE, nginxLine, testKernel } from "../../tests/support/kernel.ts";

const CHUNK_BYTES = 256 * 1024;
const encoder = new TextEncoder();

/** Fills a kernel's chunk with whole lines; returns their size in bytes. */
function fill(chunk: Uint8Array, line: (number: number) => string): number {
  let size = 0;
  for (let number = 0;; number++) {
    const bytes = encoder.encode(line(number));
    if (size + bytes.length > CHUNK_BYTES) return size;
    chunk.set(bytes, size);
    size += bytes.length;
  }
}

const prefix = "2022-07-13T23:45:54.976593653+08:00 stdout F ";
const LINES: Record<string, (number: number) => string> = {
  "nginx access, 210 B": nginxLine,
  "short, 60 B": (number) => `${prefix}${number}\n`,
  "long, 16 KB": () => `${prefix}${"x".repeat(16384)}\n`,
  "Chinese": () => `${prefix}${"日志采集组件运行正常，".repeat(20)}\n`,
  "Chinese and English": () => `${prefix}${'用户 王小明 ordered 3 items: "茶叶", took 12ms '.repeat(8)}\n`,
  "all escaped": () => `${prefix}${'"\\'.repeat(500)}\n`,
  "not CRI": (number) => `plain line ${number} without any head at all, as a text file has it\n`,
};

for (const [name, line] of Object.entries(LINES)) {
  const kernel = testKernel({ batchBytesMax: 8_000_000, slots: 1, rowsMax: 8192 });
  const counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
  const options = { stdout: true, stderr: true, multiline: undefined, timeOfFirst: false };
  const decoder = containerLogDecoder(options, { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => 0 });
  const size = fill(kernel.chunk, line);
  const batch = decoder.decode({ offset: 0, size });
  const template = tutorialTemplate(batch.fields);

  Deno.bench({ name: `decode ${name}`, group: name, n: 2000, warmup: 200 }, () => {
    decoder.decode({ offset: 0, size });
  });
  Deno.bench({ name: `decode, render, seal ${name}`, group: name, n: 500, warmup: 50 }, async () => {
    const rows = decoder.decode({ offset: 0, size }).rows;
    const slot = await kernel.takeSlot(() => 0);
    kernel.renderRecords(template, 0, rows, slot);
    slot.seal(1n, 0, 0);
    slot.release();
  });
}

const full = testKernel({ slots: 1 });
const slot = await full.takeSlot(() => 0);
const contents = fill(full.chunk, nginxLine);
full.decodeContainerLog(contents, 3);
const constant = new Template([{ kind: "constant", bytes: new Uint8Array(1000).fill(0x61) }]);
full.renderRecords(constant, 0, 950, slot);

Deno.bench(
  { name: `seal alone: the checksum of ${slot.batchBytes} bytes`, group: "seal", n: 2000, warmup: 200 },
  () => {
    slot.seal(1n, 0, 0);
  },
);
