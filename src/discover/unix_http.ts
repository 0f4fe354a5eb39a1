/**
 * GET requests over a unix socket, for runtimes that speak HTTP there. Over Node's client and not over `fetch`: with `NO_PROXY=*` in
 * the environment `fetch` goes around the socket to a host of that name, and it needs the permission for the network besides.
 *
 * Every request has a connection of its own, which is gone when the request is over: nothing of a restarted server stays.
 *
 * @module
 */
import { get, type IncomingMessage } from "node:http";

/** Longer answers are refused: a list of some thousand containers has a tenth of it. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;
const ERROR_TEXT_LENGTH_MAX = 200;

/** The server answered, but not with what was asked for. */
export class HttpStatusError extends Error {
  override readonly name = "HttpStatusError";
  readonly status: number;

  constructor(path: string, status: number, body: string) {
    super(`${path.replace(/\?.*/, "")} answered ${status} ${body.trim().slice(0, ERROR_TEXT_LENGTH_MAX)}`.trim());
    this.status = status;
  }
}

/**
 * Asks once.
 *
 * @returns the whole body.
 * @throws {HttpStatusError} for another status than 200.
 * @throws {Error} when there is no answer or only a part of it, and when `signal` aborts.
 */
export async function getText(socketPath: string, path: string, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  const response = await request(socketPath, path, signal);
  await read(response, signal, (chunk) => {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) response.destroy(new Error(`${path} answered more than ${BODY_BYTES_MAX} bytes`));
    else text += decoder.decode(chunk, { stream: true });
  });
  if (response.statusCode !== 200) throw new HttpStatusError(path, response.statusCode ?? 0, text);
  return text;
}

/** What is told of a stream. */
export interface LineReader {
  onOpen(): void;
  /** A line without its end. */
  onLine(line: string): void;
}

/**
 * Reads lines until the server ends the stream or `signal` aborts. A line that is longer than `lineLengthMax` characters is cut.
 *
 * @throws {HttpStatusError} for another status than 200.
 * @throws {Error} when the connection breaks.
 */
export async function getLines(
  socketPath: string,
  path: string,
  signal: AbortSignal,
  reader: LineReader,
  lineLengthMax = 1024 * 1024,
): Promise<void> {
  const response = await request(socketPath, path, signal);
  const isGood = response.statusCode === 200;
  if (isGood) reader.onOpen();
  const decoder = new TextDecoder();
  let rest = "";
  await read(response, signal, (chunk) => {
    const text = rest + decoder.decode(chunk, { stream: true });
    const lines = isGood ? text.split("\n") : [text];
    rest = (lines.pop() ?? "").slice(0, lineLengthMax);
    for (const line of lines) reader.onLine(line.slice(0, lineLengthMax));
  });
  if (!isGood) throw new HttpStatusError(path, response.statusCode ?? 0, rest);
}

/** @returns the answer's head, as soon as it is there. */
function request(socketPath: string, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { host: "localhost" };
  get({ socketPath, path, headers, agent: false, signal }, resolve).on("error", (error) => reject(explain(error)));
  return promise;
}

/** Resolves at the body's end. @throws {Error} when it ends early. */
async function read(
  response: IncomingMessage,
  signal: AbortSignal,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (response.destroyed) throw signal.reason ?? new Error("the answer broke off");
  response.on("data", onChunk);
  response.on("end", () => response.complete ? resolve() : reject(new Error("the answer broke off")));
  response.on("error", (error: Error) => reject(signal.aborted ? signal.reason : error));
  response.on("close", () => reject(new Error("the answer broke off")));
  await promise;
}

/** Node says only a code, such as `connect ECONNREFUSED`, or nothing at all. */
function explain(error: Error): Error {
  return error.message === "" ? new Error(String("code" in error ? error.code : error.name)) : error;
}
