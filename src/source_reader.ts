/**
 * What a pipeline keeps of a source beside its open file: the decoder, and where reading may start again.
 *
 * @module
 */
import { invariant } from "./core/assert.ts";
import { type Batch, type Decoder, IN_EARLIER_FILE } from "./core/batch.ts";
import type { Position } from "./core/position.ts";
import type { TailedSource } from "./tail/tailed_source.ts";

/** The reading of one source. */
export class SourceReader {
  readonly decoder: Decoder;
  /** Whether a last line without a newline is handed out when nothing more comes. */
  readonly takesIncomplete: boolean;
  #safe: Position | undefined;

  constructor(decoder: Decoder, takesIncomplete: boolean) {
    this.decoder = decoder;
    this.takesIncomplete = takesIncomplete;
  }

  /**
   * Where reading may start again once a batch and all before it are settled. While a record is pending that a rotation has cut, that is
   * where it began in the file before. To be called once for each batch, in order.
   */
  safePosition(tailed: TailedSource, { offsetSafe }: Batch): Position {
    const position = offsetSafe === IN_EARLIER_FILE ? this.#safe : tailed.positionAt(offsetSafe);
    invariant(position !== undefined, "records came from a file that was never opened");
    this.#safe = position;
    return position;
  }
}
