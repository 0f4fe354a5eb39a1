/**
 * Cuts what a broker sends into answers: `size INT32, correlation_id INT32, payload`.
 * https://kafka.apache.org/protocol.html#protocol_messages
 *
 * @module
 */

const SIZE_BYTES = 4;
const HEAD_BYTES = 8;

/** The answers of one connection. */
export class AnswerFrames {
  readonly #onAnswer: (correlationId: number, payload: Uint8Array) => void;
  /** What has come of an answer that is not complete. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;
  /** From so many bytes on it is worth looking at them again. */
  #neededBytes = HEAD_BYTES;

  /** @param onAnswer is called with each answer in turn; the payload has memory of its own. */
  constructor(onAnswer: (correlationId: number, payload: Uint8Array) => void) {
    this.#onAnswer = onAnswer;
  }

  /** Takes what comes next, and keeps no view of it. @throws {RangeError} where that cannot be an answer. */
  add(bytes: Uint8Array): void {
    if (this.#begunBytes === 0) return this.#cut(bytes);
    this.#begun.push(bytes.slice());
    this.#begunBytes += bytes.length;
    if (this.#begunBytes >= this.#neededBytes) this.#cut(this.#joined());
  }

  #joined(): Uint8Array {
    const joined = new Uint8Array(this.#begunBytes);
    let at = 0;
    for (const bytes of this.#begun) {
      joined.set(bytes, at);
      at += bytes.length;
    }
    return joined;
  }

  #cut(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    let neededBytes = HEAD_BYTES;
    for (; at + HEAD_BYTES <= bytes.length; at += neededBytes, neededBytes = HEAD_BYTES) {
      neededBytes = SIZE_BYTES + view.getInt32(at);
      if (neededBytes < HEAD_BYTES) throw new RangeError("a Kafka answer without a correlation id");
      if (at + neededBytes > bytes.length) break;
      this.#onAnswer(view.getInt32(at + SIZE_BYTES), bytes.slice(at + HEAD_BYTES, at + neededBytes));
    }
    this.#begun = at < bytes.length ? [bytes.slice(at)] : [];
    this.#begunBytes = bytes.length - at;
    this.#neededBytes = neededBytes;
  }
}
