/**
 * A broker that hangs up without a word: so it does when it is spoken to in the clear where it wants TLS, or asked for something
 * where it wants a login first. It may have other reasons; the message says what is worth a look.
 *
 * @module
 */
import type { KafkaSecurity } from "./authentication_options.ts";

/** The broker has closed the connection, without a word. */
export class ConnectionClosedError extends Error {
  constructor() {
    super("Closed connection");
  }
}

/**
 * Words for a connection that the broker closed.
 *
 * @param error what kafkajs gave while it connected, or what a connection of ours did.
 * @param broker `host:port`; undefined where it is not known.
 * @param during connecting ends with the login, if there is one; asking comes after it.
 * @returns the error itself where it is another one, or where security has no part in it.
 */
export function describeHangUp(
  error: unknown,
  broker: string | undefined,
  during: "connecting" | "asking",
  security: KafkaSecurity | undefined,
): unknown {
  if (!isHangUp(error)) return error;
  const told = `the broker${broker === undefined ? "" : ` ${broker}`} hangs up`;
  if (during === "connecting" && security?.tls === undefined) {
    return new Error(`${told} at once: perhaps it wants TLS on this port (Authentication.TLS)`);
  }
  if (during === "asking" && security?.sasl === undefined) {
    return new Error(`${told} when it is asked: perhaps it wants a login on this port (Authentication.SASL)`);
  }
  return error;
}

function isHangUp(error: unknown): boolean {
  return error instanceof ConnectionClosedError ||
    (error instanceof Error && error.name === "KafkaJSConnectionClosedError");
}
