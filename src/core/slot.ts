/**
 * A slot is the room for one Kafka record batch, in the kernel's memory: filled by rendering, sealed and framed for sending,
 * and free again after the acknowledgement. This is all that delivery needs to know of the kernel.
 *
 * @module
 */

/** One record batch on its way out. Its bytes stay valid and unchanged until `release`. */
export interface RecordSlot {
  /** Number of records in it; > 0. */
  readonly recordCount: number;
  /** Size of the whole record batch in bytes, header included; once it is sealed, of what is sent, compressed or not. */
  readonly batchBytes: number;
  /**
   * Writes the record batch header (format v2: magic 2, CRC-32C, attributes, timestamps, producer identity, sequence) and the
   * checksum, and compresses the records first where the slot is set to. May be called again for a retry under another identity:
   * nothing is compressed twice.
   *
   * @param flags further bits of the batch's attributes, such as that it is part of a transaction.
   */
  seal(producerId: bigint, producerEpoch: number, baseSequence: number, flags?: number): void;
  /**
   * Places `header` (at most 1,024 bytes: the request up to and including the records' length) directly before the sealed batch.
   *
   * @returns one contiguous view of header and batch, valid until `release` or the next `frame`.
   */
  frame(header: Uint8Array): Uint8Array;
  /** Gives the room back. The slot must not be used afterwards. */
  release(): void;
}
