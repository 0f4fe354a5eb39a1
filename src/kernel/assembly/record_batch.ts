/** The head of a Kafka record batch, format v2 (https://kafka.apache.org/documentation/#recordbatch). Numbers are big endian. */
import { crc32c } from "./crc32c";

/** Bytes before the first record. */
export const BATCH_HEAD_BYTES: usize = 61;
/** Where the checksummed part begins: at the attributes. */
const CHECKED_FROM: usize = 21;
const LENGTH_FROM: usize = 12;

// @ts-ignore: decorator
@inline
function put32(at: usize, value: i32): void {
  store<i32>(at, bswap<i32>(value));
}

// @ts-ignore: decorator
@inline
function put64(at: usize, value: i64): void {
  store<i64>(at, bswap<i64>(value));
}

/**
 * Writes the head of the batch [batch, end) of `records` records, all with the time `timestampMs`, and its checksum. The attributes
 * name the codec that the records are compressed with; 0: with none.
 */
export function sealBatch(
  batch: usize, end: usize, attributes: i32, records: i32, timestampMs: i64, producerId: i64, producerEpoch: i32, baseSequence: i32,
): void {
  put64(batch, 0);
  put32(batch + 8, <i32>(end - batch - LENGTH_FROM));
  put32(batch + 12, -1);
  store<u8>(batch + 16, 2);
  store<u16>(batch + CHECKED_FROM, bswap<u16>(<u16>attributes));
  put32(batch + 23, records - 1);
  put64(batch + 27, timestampMs);
  put64(batch + 35, timestampMs);
  put64(batch + 43, producerId);
  store<u16>(batch + 51, bswap<u16>(<u16>producerEpoch));
  put32(batch + 53, baseSequence);
  put32(batch + 57, records);
  put32(batch + 17, <i32>crc32c(batch + CHECKED_FROM, end));
}
