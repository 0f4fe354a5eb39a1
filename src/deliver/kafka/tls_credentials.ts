/**
 * Reads what TLS needs from its files, at each connection, because mounted certificates change. Everything is looked at before it
 * is used: the TLS library says little about a file that it cannot read, and leaves out what it does not understand.
 *
 * @module
 */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readSecurityFile } from "./secret.ts";
import { SecurityError, type SecurityFiles } from "./security_error.ts";
import type { TlsOptions } from "./tls_options.ts";

/** PEM texts; what is not there is not used. */
export interface TlsCredentials {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads and checks the files of `options`.
 *
 * @throws {SecurityError} naming the file and what is wrong with it.
 */
export function readTlsCredentials(options: TlsOptions, files: SecurityFiles): TlsCredentials {
  const { caFile, certFile, keyFile } = options;
  const ca = caFile === undefined ? {} : { ca: readCertificates(files, caFile, "CAFile").pem };
  if (certFile === undefined || keyFile === undefined) return ca;
  const { pem, first } = readCertificates(files, certFile, "CertFile");
  const key = readKey(files, keyFile);
  if (!first.checkPrivateKey(key.object)) {
    throw new SecurityError(`the key in ${keyFile} does not belong to the certificate in ${certFile}: check KeyFile`);
  }
  return { ...ca, cert: pem, key: key.pem };
}

/** What a certificate is between, in a file that may hold texts besides (https://www.rfc-editor.org/rfc/rfc7468). */
const CERTIFICATE =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

function readCertificates(files: SecurityFiles, path: string, option: string): { pem: string; first: X509Certificate } {
  const parts = readSecurityFile(files, path, `the certificates of ${option}`).match(CERTIFICATE) ?? [];
  if (parts.length === 0) throw new SecurityError(`${path} holds no certificate in PEM form: check ${option}`);
  const certificates = parts.map((part, index) => {
    try {
      return new X509Certificate(part);
    } catch {
      throw new SecurityError(`certificate ${index + 1} in ${path} is broken: check ${option}`);
    }
  });
  return { pem: parts.join("\n"), first: certificates[0] };
}

function readKey(files: SecurityFiles, path: string): { pem: string; object: KeyObject } {
  const pem = readSecurityFile(files, path, "the key of KeyFile");
  if (/ENCRYPTED/.test(pem)) {
    throw new SecurityError(`the key in ${path} has a passphrase, which is not supported: store it without one`);
  }
  try {
    return { pem, object: createPrivateKey(pem) };
  } catch {
    // Its own message is left out: it might quote the key.
    throw new SecurityError(`${path} holds no private key in PEM form: check KeyFile`);
  }
}
