/**
 * What processors add: one iteration takes a chunk of 256 KB of containerd lines through decoding, processors, rendering and sealing, on
 * columns and as texts. 0.26 ms is 1 GB/s.
 *
 * @module
 */
import { type Given, makeProcessors } from "../tests/support/processed_messages.ts";
import { NGINX_SOURCE, nginxLine, testKernel } from "../tests/support/kernel.ts";
import type { Batch } from "./core/batch.ts";
import { containerLogDecoder } from "./decode/container_log.ts";
import { MessageRowsMaker } from "./deliver/message_rows.ts";
import { tutorialForm } from "./encode/tutorial_form.ts";
import { recordTexts } from "./kernel/record_texts.ts";
import { processBatch } from "./process_batch.ts";

const CHUNK_BYTES = 256 * 1024;
const HEAD = "2022-07-13T23:45:54.976593653+08:00 stdout F ";
const NGINX =
  '([\\d\\.:]+) - (\\S+) \\[(\\S+) \\S+\\] \\"(\\S+) (\\S+) ([^\\\\"]+)\\" (\\d+) (\\d+) \\"([^\\\\"]*)\\" ' +
  '\\"([^\\\\"]*)\\" \\"([^\\\\"]*)\\"';
const NGINX_KEYS = "ip,ident,time,method,url,protocol,status,size,referer,agent,forwarded".split(",");
const JSON_OPTIONS = { SourceKey: "content", KeepSource: "false", ExpandDepth: "1", ExpandConnector: "" };

/** A usual line of an application that logs JSON. */
function application(number: number, more: Record<string, unknown> = {}): string {
  const line = {
    timestamp: `2026-11-23T10:00:00.${String(number % 1000).padStart(3, "0")}Z`,
    level: "INFO",
    logger: "com.example.orders.OrderService",
    thread: `http-nio-8080-exec-${number % 10}`,
    message: `placed an order of ${number % 7} parts for customer ${number} in ${number % 90} ms`,
    trace_id: (number * 7919).toString(16).padStart(32, "0"),
    duration_ms: number % 90,
    order: { id: number, parts: number % 7, currency: "EUR" },
    ...more,
  };
  return `${HEAD}${JSON.stringify(line)}\n`;
}

const SHAPES = [{}, { error: "timeout" }, { user: "u1" }, { user: "u1", retries: 3 }];
const CASES: Record<string, readonly [chain: readonly Given[], line: (number: number) => string]> = {
  "plain": [[], nginxLine],
  "regex, nginx": [[["processor_regex", { Regex: NGINX, Keys: NGINX_KEYS }]], nginxLine],
  "JSON, one shape": [[["processor_json", JSON_OPTIONS]], (number) => application(number)],
  "JSON, four shapes in turn": [
    [["processor_json", JSON_OPTIONS]],
    (number) => application(number, SHAPES[number % 4]),
  ],
  "JSON, all levels": [[["processor_json", { ...JSON_OPTIONS, ExpandDepth: "0" }]], (number) => application(number)],
  "JSON, escapes": [
    [["processor_json", JSON_OPTIONS]],
    (number) => application(number, { stack: "at a\n\tat b\n\tat c\n", path: '"C:\\x"' }),
  ],
  "delimiter": [
    [["processor_parse_delimiter_native", { SourceKey: "content", Separator: " ", Keys: NGINX_KEYS }]],
    (number) => nginxLine(number).replaceAll('"', ""),
  ],
  "pairs, quoted": [
    [["processor_split_key_value", {
      SourceKey: "content",
      Delimiter: " ",
      Separator: "=",
      Quote: '"',
      KeepSource: "false",
    }]],
    (number) =>
      `${HEAD}level=info ts=10:00:00.${number % 1000} msg="order placed" id=${number} customer=c${number % 97}\n`,
  ],
  "regex behind JSON": [
    [
      ["processor_json", JSON_OPTIONS],
      ["processor_regex", {
        SourceKey: "message",
        Regex: "customer (\\d+) in (\\d+)",
        Keys: ["customer", "ms"],
        KeepSource: "true",
      }],
    ],
    (number) => application(number),
  ],
  "JSON, a tenth is none": [
    [["processor_json", JSON_OPTIONS]],
    (number) => number % 10 === 0 ? `${HEAD}Started application in 3.2 seconds\n` : application(number),
  ],
};

for (const [name, [chain, line]] of Object.entries(CASES)) {
  for (const way of ["columns", "texts"]) {
    const kernel = testKernel({ batchBytesMax: 8_000_000, slots: 1, rowsMax: 8192 });
    const counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
    const options = { stdout: true, stderr: true, multiline: undefined, timeOfFirst: false };
    const decoder = containerLogDecoder(options, { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => 0 });
    const processors = makeProcessors(chain, way === "columns" ? kernel.columns : undefined);
    const rows = new MessageRowsMaker(kernel, tutorialForm());
    let text = "";
    for (let number = 0; text.length < CHUNK_BYTES; number++) text += line(number);
    const bytes = new TextEncoder().encode(text);
    const n = way === "columns" ? 400 : 40;
    Deno.bench({ name: `${name}, ${way}`, group: name, n, warmup: n / 4 }, async () => {
      kernel.chunk.set(bytes);
      const decoded = decoder.decode({ offset: 0, size: bytes.length });
      const batch = processBatch(decoded, processors, (given: Batch) => recordTexts(kernel, given));
      const slot = await kernel.takeSlot(() => 0);
      for (const { template, rowFrom, rowTo } of rows.rowsOf(batch, () => {})) {
        kernel.renderRecords(template, rowFrom, rowTo, slot);
      }
      slot.seal(1n, 0, 0);
      slot.release();
    });
  }
}
