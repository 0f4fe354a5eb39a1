/** Work that no change of this project touches: what the machine is worth at the moment, in whole numbers and in memory. */
const BYTES = 256 * 1024;
const PRIME = 0x0100_0193;
const SEED = 0x811c_9dc5 | 0;

const from = Uint8Array.from({ length: BYTES }, (_, index) => index * 7 + (index >> 8));
const to = new Uint8Array(BYTES);
/** Keeps the result alive. */
let sum = 0;

Deno.bench({ name: "calibration: whole numbers", group: "calibration", n: 1000, warmup: 100 }, () => {
  let hash = SEED;
  for (let index = 0; index < BYTES; index++) hash = Math.imul(hash ^ from[index], PRIME);
  sum ^= hash;
});

Deno.bench({ name: "calibration: memory", group: "calibration", n: 3000, warmup: 300 }, () => {
  to.set(from);
  sum ^= to[sum & 1023];
});
