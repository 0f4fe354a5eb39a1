/**
 * Something on a port that answers each request as a broker would, but for what a script makes of the answer; then it hangs up.
 *
 * @module
 */
import { WireReader, WireWriter } from "../../src/deliver/kafka/wire.ts";

const API_VERSIONS = 18;

/** What goes out in place of a good frame (size, correlation id, payload); `isLast`: the connection is closed behind it. */
export type Answer = (frame: Uint8Array) => { readonly bytes: Uint8Array; readonly isLast: boolean };

/** A port with such a broker. */
export class BrokenBroker implements Disposable {
  /** Decides for every request from now on. */
  answer: Answer = (bytes) => ({ bytes, isLast: false });
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.TcpConn>();

  constructor() {
    void this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const connection of this.#connections) this.#close(connection);
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      this.#connections.add(connection);
      this.#serve(connection).catch(() => {}).finally(() => this.#close(connection));
    }
  }

  async #serve(connection: Deno.TcpConn): Promise<void> {
    for (;;) {
      const size = new WireReader(await readExactly(connection, 4)).int32();
      const request = new WireReader(await readExactly(connection, size));
      const apiKey = request.int16();
      request.int16();
      const correlationId = request.int32();
      const payload = apiKey === API_VERSIONS ? VERSIONS : metadataOf(this.port);
      const frame = new WireWriter().int32(4 + payload.length).int32(correlationId).raw(payload).bytes();
      const { bytes, isLast } = this.answer(frame.slice());
      for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
      if (isLast) return;
    }
  }

  #close(connection: Deno.TcpConn): void {
    this.#connections.delete(connection);
    try {
      connection.close();
    } catch {
      // Closed already.
    }
  }
}

/** ApiVersions, version 2: error, keys with their versions, throttle time. */
const VERSIONS = new WireWriter().int16(0).int32(3)
  .int16(0).int16(3).int16(12)
  .int16(3).int16(0).int16(12)
  .int16(22).int16(0).int16(5)
  .int32(0)
  .bytes().slice();

/** Metadata, version 4, of one topic whose only partition this broker leads. */
function metadataOf(port: number): Uint8Array {
  return new WireWriter().int32(0)
    .int32(1).int32(1).string("127.0.0.1").int32(port).string(null)
    .string("cluster").int32(1)
    .int32(1).int16(0).string("t").boolean(false)
    .int32(1).int16(0).int32(0).int32(1).int32(0).int32(0)
    .bytes();
}

async function readExactly(connection: Deno.TcpConn, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await connection.read(bytes.subarray(at));
    if (count === null) throw new Error("end");
    at += count;
  }
  return bytes;
}
