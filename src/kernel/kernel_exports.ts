/**
 * What the kernel exports, as the host calls it.
 *
 * @module
 */
import type { TextFinders } from "./text_finders.ts";
import type { BlockExports } from "./packed_records.ts";
import type { RecordCompressors } from "./record_packer.ts";

/** What `assembly/index.ts` exports. Addresses and sizes in bytes. */
export interface KernelExports extends RecordCompressors, TextFinders, BlockExports {
  initialize(state: number): void;
  decodeContainerLog(state: number, chunk: number, end: number, wanted: number, lineRoom: number): number;
  decodeLines(state: number, chunk: number, end: number, lineRoom: number): number;
  flushPending(state: number, idle: boolean): number;
  renderRecords(
    state: number,
    template: number,
    operations: number,
    rowFrom: number,
    rowTo: number,
    out: number,
    limit: number,
    offsetDelta: number,
    empty: boolean,
  ): number;
  renderLines(
    state: number,
    template: number,
    operations: number,
    rowFrom: number,
    rowTo: number,
    out: number,
    limit: number,
    empty: boolean,
  ): number;
  renderPacked(
    state: number,
    template: number,
    operations: number,
    rowFrom: number,
    rowTo: number,
    block: number,
    limit: number,
    records: number,
    recordsLimit: number,
    offsetDelta: number,
    places: number,
    isKnown: boolean,
  ): number;
  sealBatch(
    batch: number,
    end: number,
    attributes: number,
    records: number,
    timestampMs: bigint,
    producerId: bigint,
    producerEpoch: number,
    baseSequence: number,
  ): void;
  crc32c(start: number, end: number): number;
}
