/**
 * Keys → partitions, as other clients have it, so that keys land where they landed before.
 *
 * @module
 */

/** Which partition a batch goes to: one by chance, the next in turn, or this one. */
export type Placement = "random" | "roundrobin" | number;

/** Turns the bytes of a key into 32 bits. */
export type KeyHash = (key: Uint8Array) => number;

/** FNV-1a, as the original's library has it (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function fnv1a(key: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}

/**
 * MurmurHash2 with Kafka's seed, which Java's clients use
 * (https://github.com/apache/kafka/blob/4.1.0/clients/src/main/java/org/apache/kafka/common/utils/Utils.java).
 */
export function murmur2(key: Uint8Array): number {
  const words = key.length >>> 2;
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  let hash = 0x9747b28c ^ key.length;
  for (let word = 0; word < words; word++) {
    const mixed = Math.imul(view.getInt32(word * 4, true), MURMUR_MULTIPLIER);
    hash = Math.imul(hash, MURMUR_MULTIPLIER) ^ Math.imul(mixed ^ (mixed >>> 24), MURMUR_MULTIPLIER);
  }
  const rest = key.subarray(words * 4);
  rest.forEach((byte, index) => hash ^= byte << (8 * index));
  if (rest.length > 0) hash = Math.imul(hash, MURMUR_MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MURMUR_MULTIPLIER);
  return (hash ^ (hash >>> 15)) | 0;
}

const MURMUR_MULTIPLIER = 0x5bd1e995;

/** The hash functions, with how each one's result becomes a partition of `count`. */
const PARTITIONERS = {
  // https://github.com/IBM/sarama/blob/main/partitioner.go: the remainder keeps the sign, which is then taken off.
  hash: (key: Uint8Array, count: number) => Math.abs(fnv1a(key) % count),
  murmur2: (key: Uint8Array, count: number) => (murmur2(key) & 0x7fffffff) % count,
} as const;

/** How keys are spread over partitions. */
export type KeyPartitioner = keyof typeof PARTITIONERS;

const encoder = new TextEncoder();

/** The partition of a key among `count`. */
export function partitionOf(partitioner: KeyPartitioner, key: string, count: number): number {
  return PARTITIONERS[partitioner](encoder.encode(key), count);
}
