/**
 * A connection as a stream of bytes, encrypted or not.
 *
 * @module
 */

/** Both directions of one connection. After `close`, what is under way fails or ends. */
export interface ByteStream {
  /** Sends some of `bytes`, which must stay as they are until then. @returns how many: at least one. */
  write(bytes: Uint8Array): Promise<number>;
  /** Waits for the next bytes, which are valid until the next call; undefined when the other side has closed. */
  read(): Promise<Uint8Array | undefined>;
  close(): void;
}
