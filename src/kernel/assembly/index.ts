/**
 * The kernel: the loops that touch every byte. The host (`../kernel.ts`) owns the memory, lays it out and passes addresses; the kernel
 * allocates nothing and keeps nothing but what stands in the state.
 */
import { crcInitialize } from "./crc32c";
import { unescapeInitialize } from "./docker_text";
import { escapeInitialize } from "./escape_tables";
import { State } from "./state";

export { captureRows, matchCaptures } from "./captures";
export { crc32c } from "./crc32c";
export { decodeContainerLog, flushPending } from "./container_log";
export { cutRows } from "./cut";
export { scanJsonRows } from "./json";
export { unescapeRows } from "./json_unescape";
export { decodeLines } from "./lines";
export { compressLz4 } from "./lz4";
export { beginLz4, finishLz4, unpackLz4 } from "./lz4_block";
export { renderPacked } from "./packed_render";
export { scanPairRows } from "./pairs";
export { matchPattern } from "./pattern";
export { sealBatch } from "./record_batch";
export { renderLines, renderRecords } from "./render";
export { compressSnappy } from "./snappy";

/** Prepares a state whose regions and limits the host has set. */
export function initialize(state: State): void {
  crcInitialize();
  escapeInitialize();
  unescapeInitialize();
  state.stdoutText = 0x74756f647473;
  state.stderrText = 0x727265647473;
  state.minuteValid = 0;
}
