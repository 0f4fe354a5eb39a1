/**
 * The work that every agent gets: one container log with nginx access lines, about 210 bytes each, as containerd writes them.
 * The same seed gives the same bytes.
 *
 * @module
 */
import { dirname } from "@std/path";

const PATHS = [
  "/",
  "/index.html",
  "/api/v1/orders",
  "/api/v1/customers",
  "/static/app.4f1c2d.js",
  "/images/logo.svg",
  "/cart/checkout",
];
const METHODS = ["GET", "GET", "GET", "GET", "POST", "PUT", "DELETE"];
const STATUSES = [200, 200, 200, 200, 201, 304, 404, 502];
const REFERERS = ["-", "https://shop.example.com/cart", "https://www.example.com/search?q=lamp"];
const USER_AGENTS = [
  "curl/7.74.0",
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15",
];
const LINES_PER_WRITE = 10_000;
const START_MS = Date.UTC(2026, 6, 13, 15, 45, 54);
const OFFSET_MS = 8 * 60 * 60 * 1000;

/** Writes `lineCount` lines to `path`. @returns the size of the file in bytes. */
export async function writeCorpus(path: string, lineCount: number, seed: number): Promise<number> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const random = randomFrom(seed);
  const encoder = new TextEncoder();
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  for (let line = 0; line < lineCount;) {
    const texts: string[] = [];
    for (const end = Math.min(line + LINES_PER_WRITE, lineCount); line < end; line++) {
      texts.push(corpusLine(line, random));
    }
    const bytes = encoder.encode(texts.join(""));
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
  }
  return (await Deno.stat(path)).size;
}

function corpusLine(index: number, random: () => number): string {
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)];
  const integer = (limit: number) => Math.floor(random() * limit);
  const time = new Date(START_MS + OFFSET_MS + index).toISOString().replace("Z", `${100_000 + integer(900_000)}+08:00`);
  const client = `10.${integer(256)}.${integer(256)}.${integer(256)}`;
  const request = `${pick(METHODS)} ${pick(PATHS)}?id=${integer(1_000_000)} HTTP/1.1`;
  return `${time} stdout F ${client} - - [13/Jul/2026:15:45:54 +0000] "${request}" ${pick(STATUSES)} ${
    integer(50_000)
  } ` +
    `"${pick(REFERERS)}" "${pick(USER_AGENTS)}" "-"\n`;
}

/** The mulberry32 generator: numbers in [0, 1), the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
