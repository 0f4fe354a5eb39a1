/**
 * CRC-32C (Castagnoli) for batches that are not in a kernel's memory, with eight tables. https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4
 *
 * @module
 */
const POLYNOMIAL_REVERSED = 0x82f63b78;

const tables = makeTables();

/** The CRC-32C of the bytes, as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  let crc = 0xffffffff;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    crc ^= bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
    crc = t7[crc & 255] ^ t6[crc >>> 8 & 255] ^ t5[crc >>> 16 & 255] ^ t4[crc >>> 24] ^
      t3[bytes[at + 4]] ^ t2[bytes[at + 5]] ^ t1[bytes[at + 6]] ^ t0[bytes[at + 7]];
  }
  for (; at < bytes.length; at++) crc = t0[(crc ^ bytes[at]) & 255] ^ crc >>> 8;
  return ~crc >>> 0;
}

function makeTables(): Int32Array[] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ POLYNOMIAL_REVERSED : crc >>> 1;
    return crc;
  });
  const all = [first];
  for (let index = 1; index < 8; index++) {
    all.push(all[index - 1].map((crc) => first[crc & 255] ^ crc >>> 8));
  }
  return all;
}
