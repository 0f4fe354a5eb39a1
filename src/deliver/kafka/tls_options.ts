/**
 * The section `Authentication.TLS`: whether connections are encrypted, whom they trust, and how the agent identifies itself. Reading
 * the files is left to `tls_credentials.ts`, at each connection.
 * Source: https://github.com/alibaba/loongcollector/tree/main/pkg/tlscommon
 *
 * @module
 */
import { isIP } from "node:net";
import * as z from "zod";
import { warnedWhen } from "../../core/option_notes.ts";
import { bool, type OptionType, scalar, section, whenGood } from "../../core/options.ts";

/** A version of TLS that can be spoken, as the TLS library names it. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** How connections are encrypted. */
export interface TlsOptions {
  /** PEM file of the authorities that are trusted, in place of the well-known ones. */
  readonly caFile?: string;
  /** PEM files of the agent's own certificate and its key: both or neither. */
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly versionMin: TlsVersion;
  readonly versionMax: TlsVersion;
  /** Whether any certificate will do. */
  readonly insecure: boolean;
  /** The name that the brokers' certificates must be for; undefined: the host name of each. */
  readonly serverName?: string;
}

/** The section `TLS`; undefined where it is not enabled. */
export function tlsSection(): OptionType<TlsOptions | undefined> {
  const options = section({
    Enabled: bool().default(false),
    CAFile: path(),
    CertFile: path(),
    KeyFile: path(),
    MinVersion: version("1.2"),
    MaxVersion: version("1.3"),
    InsecureSkipVerify: insecureSkipVerify(),
    ServerName: serverName(),
  }).superRefine((given, context) => {
    if ((given.CertFile === undefined) === (given.KeyFile === undefined)) return;
    const [here, missing] = given.KeyFile === undefined ? ["CertFile", "KeyFile"] : ["KeyFile", "CertFile"];
    const message = `needs ${missing} beside it: a certificate and its key belong together`;
    context.addIssue({ code: "custom", path: [here], message });
  }, whenGood("CertFile", "KeyFile")).superRefine((given, context) => {
    if (given.MinVersion <= given.MaxVersion) return;
    context.addIssue({ code: "custom", path: ["MaxVersion"], message: "must not be less than MinVersion" });
  }, whenGood("MinVersion", "MaxVersion")).transform((given) => given.Enabled ? optionsOf(given) : undefined);
  return warnedWhen(options, warning);
}

interface GivenTls {
  readonly CAFile?: string;
  readonly CertFile?: string;
  readonly KeyFile?: string;
  readonly MinVersion: TlsVersion;
  readonly MaxVersion: TlsVersion;
  readonly InsecureSkipVerify: boolean;
  readonly ServerName?: string;
}

function optionsOf(given: GivenTls): TlsOptions {
  return {
    ...(given.CAFile !== undefined && { caFile: given.CAFile }),
    ...(given.CertFile !== undefined && { certFile: given.CertFile, keyFile: given.KeyFile }),
    versionMin: given.MinVersion,
    versionMax: given.MaxVersion,
    insecure: given.InsecureSkipVerify,
    ...(given.ServerName !== undefined && { serverName: given.ServerName }),
  };
}

/** An absolute path; an empty one counts as not given. */
function path(): OptionType<string | undefined> {
  return scalar("an absolute path", (given) => given === "" || given.startsWith("/") ? given : undefined)
    .transform((given) => given === "" ? undefined : given).optional();
}

function version(otherwise: string): OptionType<TlsVersion> {
  return scalar("1.2 or 1.3", (given) => given).default(otherwise).transform((given, context) => {
    const match = /^(?:TLSv?)?(\d\.\d)$/i.exec(given);
    if (match?.[1] === "1.2" || match?.[1] === "1.3") return `TLSv${match[1]}` as const;
    const isOld = match?.[1] === "1.0" || match?.[1] === "1.1";
    const message = isOld
      ? `TLS ${match[1]} is broken and not supported (RFC 8996): use 1.2 or 1.3`
      : `must be 1.2 or 1.3, not "${given}"`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

function insecureSkipVerify(): OptionType<boolean> {
  return warnedWhen(bool().default(false), (given) => {
    const isOn = typeof given === "string" && bool().safeParse(given).data === true;
    return isOn ? "whoever is in between can read and change all records: set CAFile instead" : undefined;
  });
}

/** A host name. An address is not sent in a handshake (RFC 6066), and is checked anyway where a broker is named by it. */
function serverName(): OptionType<string | undefined> {
  return scalar("a host name", (given) => {
    return given === "" || (/^[A-Za-z0-9._-]+$/.test(given) && isIP(given) === 0) ? given : undefined;
  }).transform((given) => given === "" ? undefined : given).optional();
}

function warning(given: unknown): string | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const values = Object.entries(given);
  const enabled = values.find(([name]) => name.toLowerCase() === "enabled")?.[1];
  if (values.length === 0 || (typeof enabled === "string" && bool().safeParse(enabled).data === true)) return undefined;
  return values.length === 1 && enabled !== undefined ? undefined : "has no effect without Enabled: true";
}
