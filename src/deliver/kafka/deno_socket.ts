/**
 * A socket with as much of Node's interface as kafkajs uses. Without encryption it is Deno's own connection: what is written goes from
 * the caller's memory to the operating system without a copy in between, which Node's streams make. With it, see `tls_stream.ts`.
 *
 * Invariant: every failure ends in one `error` and one `close` event, and `close` comes again for whoever writes afterwards; nothing is
 * thrown, no promise is left to reject.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { lookup } from "node:dns/promises";
import { EventEmitter } from "node:events";
import type { ByteStream } from "./byte_stream.ts";
import { SecurityError, type SecurityFiles } from "./security_error.ts";
import { readTlsCredentials } from "./tls_credentials.ts";
import { describeTlsFailure } from "./tls_failure.ts";
import type { TlsOptions } from "./tls_options.ts";
import { TlsStream } from "./tls_stream.ts";

const READ_BYTES = 64 * 1024;

/** Who has a connection to himself once the library has opened it; see `DenoSocket.handOver`. */
export interface SocketOwner {
  /** Bytes have come, which are valid during the call. What it throws closes the connection. */
  readonly onBytes: (bytes: Uint8Array) => void;
  /** Some of what was written has been sent. */
  readonly onSent: () => void;
}

/** How a socket is encrypted, and where the files for that are read. */
export interface SocketTls {
  readonly options: TlsOptions;
  readonly files: SecurityFiles;
}

/** Emits `data` (a Buffer of its own) until it is handed over, `error` and `close`. */
export class DenoSocket extends EventEmitter {
  readonly #tls: SocketTls | undefined;
  readonly #broker: string;
  readonly #abort = new AbortController();
  #stream: ByteStream | undefined;
  #destroyed = false;
  #failure: unknown;
  readonly #outbox: Uint8Array[] = [];
  #owner: SocketOwner | undefined;
  #writing = false;

  /**
   * Begins to connect, to each address of the host in turn; `onConnect` is called when one answers.
   *
   * @param tls undefined: the connection is not encrypted.
   */
  constructor(host: string, port: number, onConnect: () => void, tls?: SocketTls) {
    super();
    this.#tls = tls;
    this.#broker = `${host}:${port}`;
    void this.#run(host, port, onConnect);
  }

  get destroyed(): boolean {
    return this.#destroyed;
  }

  /** Why it was destroyed, once it was; undefined for no reason. The library passes on nothing but the message. */
  get failure(): unknown {
    return this.#failure;
  }

  /** From now on what comes is the owner's, without an event and a copy for each piece. */
  handOver(owner: SocketOwner): void {
    this.#owner = owner;
  }

  /** Queues `bytes`, which must stay as they are until they are sent. What else kafkajs gives, the name of an encoding, is ignored. */
  write(bytes: Uint8Array, _encoding?: unknown): void {
    // For a moment the library takes a connection that ended for a live one. What it sends then would wait for ever for an answer.
    if (this.#destroyed) return void this.emit("close");
    this.#outbox.push(bytes);
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
    this.#abort.abort();
    this.#stream?.close();
    if (error !== undefined) this.#failure = this.#describe(error);
    if (error !== undefined && this.listenerCount("error") > 0) this.emit("error", this.#failure);
    this.emit("close");
  }

  async #run(host: string, port: number, onConnect: () => void): Promise<void> {
    try {
      const stream = await this.#connect(host, port);
      this.#stream = stream;
      if (this.#destroyed) return stream.close();
      onConnect();
      await this.#readAll(stream);
      this.destroy();
    } catch (error) {
      this.destroy(error);
    }
  }

  #connect(host: string, port: number): Promise<ByteStream> {
    const tls = this.#tls;
    if (tls === undefined) return connectToAny(host, port, TcpStream.open);
    const { signal } = this.#abort;
    return connectToAny(host, port, (address) => {
      const credentials = readTlsCredentials(tls.options, tls.files);
      return TlsStream.open(address, host, tls.options, credentials, signal);
    });
  }

  #describe(error: unknown): unknown {
    return this.#tls === undefined ? error : describeTlsFailure(error, this.#broker, this.#tls.options);
  }

  async #readAll(stream: ByteStream): Promise<void> {
    for (let bytes = await stream.read(); bytes !== undefined; bytes = await stream.read()) {
      if (this.#owner === undefined) this.emit("data", Buffer.from(bytes));
      else this.#owner.onBytes(bytes);
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

  async #writeOne(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length && !this.#destroyed;) {
      from += await this.#stream!.write(from === 0 ? bytes : bytes.subarray(from));
      this.#owner?.onSent();
    }
  }
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** Deno's own connection. */
class TcpStream implements ByteStream {
  readonly #connection: Deno.TcpConn;
  readonly #buffer = new Uint8Array(READ_BYTES);

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  static async open(this: void, { host, port }: Address): Promise<TcpStream> {
    const connection = await Deno.connect({ hostname: host, port });
    connection.setNoDelay(true);
    connection.setKeepAlive(true);
    return new TcpStream(connection);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#connection.write(bytes);
  }

  async read(): Promise<Uint8Array | undefined> {
    const size = await this.#connection.read(this.#buffer);
    return size === null ? undefined : this.#buffer.subarray(0, size);
  }

  close(): void {
    try {
      this.#connection.close();
    } catch {
      // The other side was quicker.
    }
  }
}

/**
 * Opens a stream to the first address of a name that takes it; Deno tries one only.
 *
 * @throws {Error} with the last address and why it failed.
 */
async function connectToAny(
  host: string,
  port: number,
  open: (address: Address) => Promise<ByteStream>,
): Promise<ByteStream> {
  let failure: unknown = new Error(`${host} has no address`);
  for (const { address } of await lookup(host, { all: true })) {
    try {
      return await open({ host: address, port });
    } catch (error) {
      failure = withAddress(error, `${address}:${port}`);
    }
  }
  throw failure;
}

/** What is wrong with a file or a certificate has nothing to do with the address, and the code says what it is. */
function withAddress(error: unknown, address: string): unknown {
  if (!(error instanceof Error) || error instanceof SecurityError) return error;
  if ("code" in error && /SSL|TLS|CERT|UNABLE/.test(String(error.code))) return error;
  return error.message.includes(address) ? error : new Error(`${address}: ${error.message}`);
}
