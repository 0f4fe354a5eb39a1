/**
 * The kernel: the loops that touch every byte. The host (`../kernel.ts`) owns the memory, lays it out and passes addresses; the kernel
 * allocates nothing and keeps nothing but what stands in the state.
 */
import { crc32c as checksum, crcInitialize } from "./crc32c";
import { State } from "./state";

export { decodeCri, flushCri } from "./cri";
export { sealBatch } from "./record_batch";
export { renderLines, renderRecords } from "./render";

/** Prepares a state whose regions and limits the host has set. */
export function initialize(state: State): void {
  crcInitialize(<usize>state.crcTables);
  state.stdoutText = 0x74756f647473;
  state.stderrText = 0x727265647473;
  state.minuteValid = 0;
}

/** Returns the CRC-32C of [start, end). */
export function crc32c(state: State, start: usize, end: usize): u32 {
  return checksum(<usize>state.crcTables, start, end);
}
