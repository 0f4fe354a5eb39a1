/**
 * What stands against a secure connection, told so that the user can put it right: which broker or file, what happened, what to
 * check. The producer tries again as for any other failure.
 *
 * @module
 */
import type { Files } from "../../core/env.ts";

/** What security needs of the file system: secrets and certificates, read again at each connection. */
export type SecurityFiles = Pick<Files, "tryReadText">;

/** A login or a TLS handshake that failed, or a file for it that is not as it should be. */
export class SecurityError extends Error {
  override readonly name = "SecurityError";
}
