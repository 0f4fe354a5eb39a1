/**
 * What becomes of a slot that was given to the producer, and the promise of it.
 *
 * @module
 */
import type { Placement } from "./partitioner.ts";
import type { RecordSlot } from "../../core/slot.ts";

/**
 * How sending a slot ended:
 * - `acknowledged`: all in-sync replicas have it. `baseOffset` is -1 where the broker had it already and does not say where.
 * - `undeliverable`: the broker will never take it, for `reason`; with `tooLarge`, it might take a part of it.
 * - `abandoned`: the producer stopped first. The broker has it or not.
 */
export type SendOutcome =
  | { readonly kind: "acknowledged"; readonly partition: number; readonly baseOffset: bigint }
  | { readonly kind: "undeliverable"; readonly reason: string; readonly tooLarge: boolean }
  | { readonly kind: "abandoned" };

/** A slot on its way, and where to tell the outcome. Settling twice does nothing. */
export interface PendingSend {
  readonly slot: RecordSlot;
  readonly placement: Placement;
  settle(outcome: SendOutcome): void;
}

/** Counters of one producer; they only grow. */
export interface ProducerMetrics {
  readonly acknowledgedRecords: number;
  /** Bytes of record batches, as sent. */
  readonly acknowledgedBytes: number;
  /** Record batches sent again. */
  readonly retries: number;
  /** Record batches that the broker had already. */
  readonly duplicatesReported: number;
  /** How often a broker refused or forgot our identity. */
  readonly identityRenewals: number;
  /** Answers that were errors, by the error's name in the protocol. */
  readonly errorsByCode: ReadonlyMap<string, number>;
}

/** `ProducerMetrics` for those who count. */
export class ProducerCounters implements ProducerMetrics {
  acknowledgedRecords = 0;
  acknowledgedBytes = 0;
  retries = 0;
  duplicatesReported = 0;
  identityRenewals = 0;
  readonly errorsByCode = new Map<string, number>();

  countError(name: string): void {
    this.errorsByCode.set(name, (this.errorsByCode.get(name) ?? 0) + 1);
  }
}
