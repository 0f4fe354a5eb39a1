import { assertEquals } from "@std/assert";
import { fnv1a, murmur2, partitionOf } from "./partitioner.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

// Values of http://www.isthe.com/chongo/src/fnv/test_fnv.c and of UtilsTest.java of the Kafka clients.
for (
  const [text, fnv, murmur] of [
    ["", 0x811c9dc5, undefined],
    ["a", 0xe40c292c, undefined],
    ["foobar", 0xbf9cf968, -790332482],
    ["21", undefined, -973932308],
    ["a-little-bit-long-string", undefined, -985981536],
    ["a-little-bit-longer-string", undefined, -1486304829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", undefined, -58897971],
    ["abc", undefined, 479470107],
  ] as const
) {
  Deno.test(`keys are hashed as by other clients: "${text}"`, () => {
    if (fnv !== undefined) assertEquals(fnv1a(bytes(text)) >>> 0, fnv);
    if (murmur !== undefined) assertEquals(murmur2(bytes(text)), murmur);
  });
}

Deno.test("a key goes to the partition that it went to before", () => {
  // 0xbf9cf968 as a signed number is -1080231576, its remainder by 7 is -4; -790332482 without its sign bit is 1357151166.
  assertEquals([partitionOf("hash", "foobar", 7), partitionOf("murmur2", "foobar", 7)], [4, 1357151166 % 7]);
  for (let key = 0; key < 200; key++) {
    for (const partitioner of ["hash", "murmur2"] as const) {
      const partition = partitionOf(partitioner, String(key), 3);
      assertEquals([0, 1, 2].includes(partition), true);
      assertEquals(partitionOf(partitioner, String(key), 1), 0);
    }
  }
});
