/**
 * What a pipeline keeps of a source beside its open file: the decoder, and where reading may start again.
 *
 * @module
 */
import { invariant } from "./core/assert.ts";
import { type Batch, type Decoder, IN_EARLIER_FILE } from "./core/batch.ts";
import { type FileIdentity, type PendingPart, type PendingRecord, type Position, safePlace } from "./core/position.ts";
import type { TailedSource } from "./tail/tailed_source.ts";

/** Pending times are no longer than the kernel keeps. */
const TIME_BYTES_MAX = 64;

/** A position, or the place before all that is pending at it, where that is more than a record may have by now. */
export function placeToGoOn(position: Position, lineBytesMax: number): Position {
  const isPossible = ({ content, time, line }: PendingRecord) =>
    content.length <= lineBytesMax && time.length <= TIME_BYTES_MAX && line <= content.length;
  return position.pending?.records.every(isPossible) ?? true ? position : safePlace(position);
}

/** The reading of one source. */
export class SourceReader {
  readonly decoder: Decoder;
  /** Whether a last line without a newline is handed out when nothing more comes. */
  readonly takesIncomplete: boolean;
  readonly #isExact: boolean;
  #safe: Position | undefined;
  /** Where reading begins, as long as nothing was read from there. */
  #start: Position | undefined;

  /**
   * @param start where reading stopped before, if it did.
   * @param isExact whether positions are kept with the records, so that they are always the end of what was handed out, with what is pending
   * there, and nothing is repeated. Otherwise they are that only where going back would find a record without its beginning.
   */
  constructor(decoder: Decoder, takesIncomplete: boolean, start: Position | undefined, isExact: boolean) {
    this.decoder = decoder;
    this.takesIncomplete = takesIncomplete;
    this.#start = start;
    this.#isExact = isExact;
  }

  /**
   * A file is begun at `offset`; said again where it is begun anew. What was pending where reading stopped goes on in the first one, if that
   * is where reading goes on. Otherwise its file is gone, perhaps with the rest of it and more: it is not joined with what comes next.
   */
  beginFile(identity: FileIdentity, offset: number): void {
    const { pending } = offset === this.#start?.offset ? this.#start : {};
    const isSame = this.#start?.identity.inode === identity.inode && this.#start.identity.device === identity.device;
    if (pending !== undefined && !isSame) this.#restore(pending);
    this.decoder.beginFile(identity);
    if (pending !== undefined && isSame) this.#restore(pending);
  }

  /** Bytes are taken: what is begun from now on comes after them. */
  beginBytes(): void {
    this.#start = undefined;
  }

  /**
   * Where reading may start again once a batch and all before it are settled. While a record is pending that a rotation has cut, that is
   * where it began in the file before. To be called once for each batch, in order.
   */
  positionAfter(tailed: TailedSource, batch: Batch): Position {
    const safe = this.#safePosition(tailed, batch);
    const records = this.decoder.pending();
    if (records.length === 0) return safe;
    const isNeeded = this.#isExact ? records.length > 0 : records.some(isInPieces);
    const end = isNeeded ? tailed.positionAt(batch.offsetEnd) : undefined;
    return end === undefined ? safe : { ...end, pending: { safe, records } };
  }

  #restore({ safe, records }: PendingPart): void {
    this.#safe = safe;
    this.decoder.restore(records, this.#start!.offset);
  }

  #safePosition(tailed: TailedSource, { offsetSafe }: Batch): Position {
    const position = offsetSafe === IN_EARLIER_FILE ? this.#safe : tailed.positionAt(offsetSafe);
    invariant(position !== undefined, "records came from a file that was never opened");
    this.#safe = position;
    return position;
  }
}

/**
 * Whether going back to where a record begins may not be enough: rotations have cut it, the second of which leaves its beginning behind; or
 * its line comes in pieces, between which the other stream has pieces of its own. Lines that are whole need not be kept: they are many.
 */
function isInPieces({ line, offsetSafe }: PendingRecord): boolean {
  return line >= 0 || offsetSafe <= 0;
}
