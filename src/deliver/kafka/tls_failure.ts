/**
 * What the TLS library's failures mean, and what the user can do about each.
 *
 * @module
 */
import { SecurityError } from "./security_error.ts";
import type { TlsOptions } from "./tls_options.ts";

/** What a failure's code or text says, and the words for it; the first that fits counts. */
const MEANINGS: readonly [sign: RegExp, meaning: (options: TlsOptions) => string][] = [
  [/ALTNAME_INVALID/, ({ serverName }) => {
    const remedy = serverName === undefined ? "Brokers, or set ServerName to a name in it" : "ServerName";
    return `its certificate is for other names than ${serverName ?? "this"}: check ${remedy}`;
  }],
  [/CERT_HAS_EXPIRED/, () => "its certificate has expired: have it renewed, and check this node's clock"],
  [/CERT_NOT_YET_VALID/, () => "its certificate is not valid yet: check this node's clock"],
  [/UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|SELF_SIGNED/, ({ caFile }) => {
    if (caFile === undefined) {
      return "its certificate is from no well-known authority: set CAFile to the one that signed it";
    }
    return `its certificate is not from an authority in ${caFile}: check CAFile`;
  }],
  [/ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|PeerIncompatible/, ({ versionMin, versionMax }) => {
    const spoken = versionMin === versionMax ? versionMin : `${versionMin} to ${versionMax}`;
    return `it does not speak ${spoken}: check MinVersion and MaxVersion`;
  }],
  [
    /CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_CERTIFICATE|ALERT_HANDSHAKE_FAILURE/,
    (options) => {
      if (
        options.certFile === undefined
      ) return "it wants a certificate of ours, or another cipher: set CertFile and KeyFile";
      return `it does not accept our certificate from ${options.certFile}: check CertFile and KeyFile`;
    },
  ],
  [/InvalidContentType|InvalidMessage|WRONG_VERSION_NUMBER|corrupt message|handshake|before secure TLS/i, () => {
    return "it hangs up instead of speaking TLS: check the port in Brokers, or leave TLS out";
  }],
];

/**
 * Words for a failure of an encrypted connection.
 *
 * @param error what the TLS library gave.
 * @param broker `host:port`.
 * @returns the error itself where it has nothing to do with TLS.
 */
export function describeTlsFailure(error: unknown, broker: string, options: TlsOptions): unknown {
  if (!(error instanceof Error) || error instanceof SecurityError) return error;
  const sign = `${"code" in error ? String(error.code) : ""} ${error.message}`;
  const meaning = MEANINGS.find(([pattern]) => pattern.test(sign))?.[1];
  if (meaning !== undefined) return new SecurityError(`no secure connection to ${broker}: ${meaning(options)}`);
  return /SSL|TLS|CERT/.test(sign) ? new SecurityError(`no secure connection to ${broker}: ${error.message}`) : error;
}
