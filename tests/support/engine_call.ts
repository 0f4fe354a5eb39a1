/**
 * One call of the Docker Engine's API over its unix socket, for tests that command an engine; the agent itself only asks.
 *
 * @module
 */
import { request } from "node:http";

/** @returns the answer's body. @throws {Error} with the engine's message for any status but success. */
export function callEngine(
  socketPath: string,
  method: string,
  path: string,
  contentType: string,
  body = new Uint8Array(),
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers = { host: "localhost", "content-type": contentType, "content-length": body.length };
  const call = request({ socketPath, method, path, headers, agent: false }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (chunk: string) => text += chunk).on("error", reject);
    response.on("end", () => {
      if ((response.statusCode ?? 500) < 300) resolve(text);
      else reject(new Error(`${method} ${path}: ${response.statusCode} ${text.trim()}`));
    });
  });
  call.on("error", reject).end(body);
  return promise;
}
