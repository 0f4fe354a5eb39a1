/** One iteration decodes a piece of 256 KiB of Docker's json-file. */
import { NGINX_SOURCE, nginxLine, testKernel } from "../../tests/support/kernel.ts";
import { containerLogDecoder } from "./container_log.ts";

const PIECE_BYTES = 256 * 1024;
const CONTENT_AT = 45;
const TIME = "2022-07-13T15:45:54.976593653Z";

const LINES: Record<string, (number: number) => string> = {
  "Docker's nginx access": (number) => nginxLine(number).slice(CONTENT_AT, -1).replaceAll('"', '\\"'),
  "Docker's plain text": (number) => `order ${number} of customer 4711 was accepted and waits for its payment`,
  "Docker's escapes": (number) => `\\u003ca href=\\"${number}\\"\\u003e \\u0026 \\\\ `.repeat(5),
};

for (const [name, line] of Object.entries(LINES)) {
  for (const takesJsonText of [false, true]) {
    const kernel = testKernel({ batchBytesMax: 8_000_000, slots: 1, rowsMax: 8192 });
    const counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
    const options = { stdout: true, stderr: true, multiline: undefined, timeOfFirst: false, takesJsonText };
    const decoder = containerLogDecoder(options, { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => 0 });
    const written = (number: number) => `{"log":"${line(number)}\\n","stream":"stdout","time":"${TIME}"}\n`;
    const count = Math.floor(PIECE_BYTES / (written(10_000).length + 1));
    const text = Array.from({ length: count }, (_, number) => written(number)).join("");
    const { written: size } = new TextEncoder().encodeInto(text, kernel.chunk);
    Deno.bench({
      name: `decode ${name}${takesJsonText ? ", as JSON text" : ""}`,
      group: "Docker's json-file",
      n: 500,
      warmup: 100,
    }, () => {
      decoder.decode({ offset: 0, size });
    });
  }
}
