import { Compressor } from "../../tests/support/compressor.ts";
import { nginxLine } from "../../tests/support/kernel.ts";
import { Random } from "../../tests/support/random.ts";
import { batchCodec, COMPRESSIONS } from "../deliver/kafka/compression.ts";

/** So that iterations a second are megabytes a second. */
const BYTES = 1_000_000;
const LEVEL = 1;
const TAGS = '"_namespace_":"default","_pod_name_":"nginx-76d49876c7-r892w","_container_name_":"nginx"';

/** A message as the walk-through has it. */
function message(number: number): string {
  const content = JSON.stringify(nginxLine(Math.imul(number, 7919) >>> 8).trimEnd().slice(45));
  return `{"contents":{"_time_":"${nginxLine(number).slice(0, 35)}","content":${content}},"tags":{${TAGS}}}`;
}

function messages(): Uint8Array {
  const texts = Array.from({ length: BYTES / 200 }, (_, number) => message(number)).join("");
  return new TextEncoder().encode(texts).subarray(0, BYTES);
}

/** Little repeats itself but the words. */
function words(random: Random): Uint8Array {
  const dictionary = Array.from(
    { length: 500 },
    () => random.bytes(random.integer(3, 9)).map((byte) => 97 + byte % 26),
  );
  const bytes = new Uint8Array(BYTES).fill(0x20);
  for (let at = 0; at < BYTES;) {
    const word = random.pick(dictionary).subarray(0, BYTES - at);
    bytes.set(word, at);
    at += word.length + 1;
  }
  return bytes;
}

const random = new Random(1);
const INPUTS: Record<string, Uint8Array> = {
  "nginx messages": messages(),
  "words": words(random),
  "random bytes": random.bytes(BYTES),
  "zeros": new Uint8Array(BYTES),
};

for (const [name, bytes] of Object.entries(INPUTS)) {
  const compressor = new Compressor(BYTES);
  compressor.place(bytes);
  for (const compression of COMPRESSIONS) {
    const compress = batchCodec(compression, LEVEL)?.compress;
    if (compress === undefined) continue;
    const run = () => typeof compress === "function" ? compress(bytes) : compressor.compress(compress, BYTES);
    const ratio = (BYTES / run().length).toFixed(2);
    Deno.bench({ name: `${compression}, 1 MB of ${name} to 1/${ratio}`, group: name, n: 40, warmup: 20 }, () => {
      run();
    });
  }
}
