/**
 * A TCP socket with as much of Node's interface as kafkajs uses, over Deno's own connection: what is written goes from the caller's
 * memory to the operating system without a copy in between, which Node's streams make.
 *
 * Invariant: every failure ends in one `error` and one `close` event; nothing is thrown, no promise is left to reject.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { lookup } from "node:dns/promises";
import { EventEmitter } from "node:events";

const READ_BYTES = 64 * 1024;

interface Outgoing {
  readonly bytes: Uint8Array;
  readonly onProgress: () => void;
}

/** Emits `data` (a Buffer of its own), `error` and `close`. */
export class DenoSocket extends EventEmitter {
  #connection: Deno.TcpConn | undefined;
  #destroyed = false;
  readonly #outbox: Outgoing[] = [];
  #writing = false;

  /** Begins to connect, to each address of the host in turn; `onConnect` is called when one answers. */
  constructor(host: string, port: number, onConnect: () => void) {
    super();
    void this.#run(host, port, onConnect);
  }

  get destroyed(): boolean {
    return this.#destroyed;
  }

  /**
   * Queues `bytes`, which must stay as they are until they are sent.
   *
   * @param onProgress called whenever some of them have been; anything but a function (kafkajs names an encoding) is ignored.
   */
  write(bytes: Uint8Array, onProgress?: unknown): void {
    const callback = typeof onProgress === "function" ? () => void onProgress() : () => {};
    this.#outbox.push({ bytes, onProgress: callback });
    if (!this.#writing) void this.#writeAll();
  }

  /** Closes. */
  end(): void {
    this.destroy();
  }

  /** For kafkajs, which calls it; a process that ends does not wait for sockets here. */
  unref(): void {}

  /** Closes, with `error` as the reason if there is one. Doing it again changes nothing. */
  destroy(error?: unknown): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    try {
      this.#connection?.close();
    } catch {
      // The other side was quicker.
    }
    if (error !== undefined && this.listenerCount("error") > 0) this.emit("error", error);
    this.emit("close");
  }

  async #run(host: string, port: number, onConnect: () => void): Promise<void> {
    try {
      const connection = await connectToAny(host, port);
      this.#connection = connection;
      if (this.#destroyed) return connection.close();
      connection.setNoDelay(true);
      connection.setKeepAlive(true);
      onConnect();
      await this.#readAll(connection);
      this.destroy();
    } catch (error) {
      this.destroy(error);
    }
  }

  async #readAll(connection: Deno.TcpConn): Promise<void> {
    const bytes = new Uint8Array(READ_BYTES);
    for (let size = await connection.read(bytes); size !== null; size = await connection.read(bytes)) {
      this.emit("data", Buffer.from(bytes.slice(0, size).buffer));
    }
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    try {
      for (let next = this.#outbox.shift(); next !== undefined; next = this.#outbox.shift()) await this.#writeOne(next);
    } catch (error) {
      this.destroy(error);
    }
    this.#writing = false;
  }

  async #writeOne({ bytes, onProgress }: Outgoing): Promise<void> {
    for (let from = 0; from < bytes.length && !this.#destroyed;) {
      from += await this.#connection!.write(bytes.subarray(from));
      onProgress();
    }
  }
}

/** Deno tries the first address of a name only. @throws {Error} with the last address and why it failed. */
async function connectToAny(host: string, port: number): Promise<Deno.TcpConn> {
  let failure: unknown = new Error(`${host} has no address`);
  for (const { address } of await lookup(host, { all: true })) {
    try {
      return await Deno.connect({ hostname: address, port });
    } catch (error) {
      failure = new Error(`${address}:${port}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw failure;
}
