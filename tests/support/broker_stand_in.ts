/**
 * Something on a port that is taken for a broker: it says nothing, hangs up, or passes everything on to a real one and notes as whom
 * clients introduce themselves.
 *
 * @module
 */
import { WireReader } from "../../src/deliver/kafka/wire.ts";

/** What happens to connections: nothing, they are closed, or they are passed on to a port of this machine. */
export type StandInManner = "silent" | "hangs up" | { readonly port: number };

/** A port that a broker is expected at. */
export class BrokerStandIn implements Disposable {
  /** When each connection came, in milliseconds since the epoch. */
  readonly connectedAtMs: number[] = [];
  /** The client id of the first request of each connection that was passed on. */
  readonly clientIds: string[] = [];
  readonly #manner: StandInManner;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.TcpConn>();

  constructor(manner: StandInManner) {
    this.#manner = manner;
    void this.#accept();
  }

  /** `host:port`, as a configuration's `Brokers` has it. */
  get brokers(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const connection of this.#connections) this.#close(connection);
  }

  async #accept(): Promise<void> {
    try {
      for await (const connection of this.#listener) {
        this.connectedAtMs.push(Date.now());
        this.#connections.add(connection);
        if (this.#manner === "hangs up") this.#close(connection);
        else if (this.#manner !== "silent") void this.#passOn(connection, this.#manner.port);
      }
    } catch (error) {
      // Closing the listener ends the loop.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async #passOn(client: Deno.TcpConn, port: number): Promise<void> {
    const broker = await Deno.connect({ hostname: "127.0.0.1", port });
    this.#connections.add(broker);
    let isNoted = false;
    const note = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (bytes, controller) => {
        if (!isNoted) this.#note(bytes);
        isNoted = true;
        controller.enqueue(bytes);
      },
    });
    const both = [client.readable.pipeThrough(note).pipeTo(broker.writable), broker.readable.pipeTo(client.writable)];
    // Whichever side goes first: the test knows from the agent what came of it.
    await Promise.allSettled(both);
    this.#close(client);
    this.#close(broker);
  }

  #note(request: Uint8Array): void {
    const clientId = tryClientId(request);
    if (clientId !== undefined) this.clientIds.push(clientId);
  }

  #close(connection: Deno.TcpConn): void {
    this.#connections.delete(connection);
    try {
      connection.close();
    } catch {
      // Its streams have closed it.
    }
  }
}

/**
 * The client id of a request (https://kafka.apache.org/protocol.html#protocol_messages, Request Header v1); undefined of bytes that are
 * no request, such as those of TLS.
 */
function tryClientId(bytes: Uint8Array): string | undefined {
  const reader = new WireReader(bytes);
  if (reader.int32() !== bytes.length - 4) return undefined;
  reader.int16();
  reader.int16();
  reader.int32();
  return reader.nullableString() ?? "";
}
