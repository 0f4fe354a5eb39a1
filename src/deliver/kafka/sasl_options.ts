/**
 * The sections `Authentication.SASL` and `Authentication.PlainText`: by which mechanism the agent logs in, and as whom.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/flusher/kafkav2/authentication.go; the mechanism OAUTHBEARER
 * (RFC 7628) is an addition.
 *
 * @module
 */
import * as z from "zod";
import { warnedWhen } from "../../core/option_notes.ts";
import { choice, type OptionType, scalar, section, text, whenGood } from "../../core/options.ts";
import { type Secret, secret } from "./secret.ts";

/** A mechanism with a user name and a password. */
export type PasswordMechanism = "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";

/** Where tokens come from: a file that somebody else keeps fresh, or an OAuth 2.0 token endpoint (RFC 6749, section 4.4). */
export type TokenSource =
  | { readonly file: string }
  | {
    readonly endpoint: string;
    readonly clientId: string;
    readonly clientSecret: Secret;
    readonly scope?: string;
  };

/** How the agent logs in. */
export type SaslOptions =
  | { readonly mechanism: PasswordMechanism; readonly username: string; readonly password: Secret }
  | { readonly mechanism: "OAUTHBEARER"; readonly token: TokenSource };

/** The section `PlainText`; undefined where it is not given. */
export function plainTextSection(): OptionType<SaslOptions | undefined> {
  return section({ Username: filled(), Password: secret().optional() })
    .superRefine((given, context) => {
      if (isGiven(given)) requireAll(given, ["Username", "Password"], context);
    }, whenGood("Username", "Password"))
    .transform((given) => tryLogin("PLAIN", given));
}

const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] as const;
const PASSWORD_NAMES = ["Username", "Password"] as const;
const ENDPOINT_NAMES = ["TokenEndpoint", "ClientID", "ClientSecret"] as const;
const TOKEN_NAMES = ["TokenFile", ...ENDPOINT_NAMES, "Scope"] as const;

/** The section `SASL`; undefined where it is not given. */
export function saslSection(): OptionType<SaslOptions | undefined> {
  return section({
    Username: filled(),
    Password: secret().optional(),
    SaslMechanism: choice(MECHANISMS).optional(),
    TokenFile: tokenFile(),
    TokenEndpoint: tokenEndpoint(),
    ClientID: filled(),
    ClientSecret: secret().optional(),
    Scope: text().optional(),
  }).superRefine(checkSasl, whenGood("SaslMechanism", ...PASSWORD_NAMES, ...TOKEN_NAMES)).transform(trySasl);
}

interface GivenLogin {
  readonly Username?: string;
  readonly Password?: Secret;
}

interface GivenSasl extends GivenLogin {
  readonly SaslMechanism?: typeof MECHANISMS[number];
  readonly TokenFile?: string;
  readonly TokenEndpoint?: string;
  readonly ClientID?: string;
  readonly ClientSecret?: Secret;
  readonly Scope?: string;
}

function checkSasl(given: GivenSasl, context: z.RefinementCtx): void {
  if (!isGiven(given)) return;
  if (given.SaslMechanism !== "OAUTHBEARER") {
    requireAll(given, PASSWORD_NAMES, context);
    return refuseAll(given, TOKEN_NAMES, "is for SaslMechanism: OAUTHBEARER", context);
  }
  refuseAll(given, PASSWORD_NAMES, "has no meaning with OAUTHBEARER, which logs in by token", context);
  if (given.TokenFile !== undefined) {
    return refuseAll(given, [...ENDPOINT_NAMES, "Scope"], "has no meaning beside TokenFile", context);
  }
  if (!ENDPOINT_NAMES.some((name) => given[name] !== undefined)) {
    const message = "OAUTHBEARER needs a TokenFile, or TokenEndpoint, ClientID and ClientSecret";
    context.addIssue({ code: "custom", path: ["SaslMechanism"], message });
  } else requireAll(given, ENDPOINT_NAMES, context);
}

function trySasl(given: GivenSasl): SaslOptions | undefined {
  if (given.SaslMechanism !== "OAUTHBEARER") return tryLogin(given.SaslMechanism ?? "PLAIN", given);
  const { TokenFile: file, TokenEndpoint: endpoint, ClientID: clientId, ClientSecret: clientSecret, Scope } = given;
  if (file !== undefined) return { mechanism: "OAUTHBEARER", token: { file } };
  if (endpoint === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  const scope = Scope === undefined || Scope === "" ? undefined : Scope;
  return { mechanism: "OAUTHBEARER", token: { endpoint, clientId, clientSecret, ...(scope && { scope }) } };
}

function tryLogin(mechanism: PasswordMechanism, { Username, Password }: GivenLogin): SaslOptions | undefined {
  if (Username === undefined || Password === undefined) return undefined;
  return { mechanism, username: Username, password: Password };
}

function isGiven(given: object): boolean {
  return Object.values(given).some((value) => value !== undefined);
}

function requireAll<Given extends object>(
  given: Given,
  names: readonly (keyof Given & string)[],
  context: z.RefinementCtx,
): void {
  for (const name of names) {
    if (given[name] === undefined) context.addIssue({ code: "custom", path: [name], message: "missing: must be text" });
  }
}

function refuseAll<Given extends object>(
  given: Given,
  names: readonly (keyof Given & string)[],
  message: string,
  context: z.RefinementCtx,
): void {
  for (const name of names) {
    if (given[name] !== undefined) context.addIssue({ code: "custom", path: [name], message });
  }
}

function filled(): OptionType<string | undefined> {
  return scalar("text that is not empty", (given) => given === "" ? undefined : given).optional();
}

function tokenFile(): OptionType<string | undefined> {
  return scalar("an absolute path", (given) => given.startsWith("/") ? given : undefined).optional();
}

function tokenEndpoint(): OptionType<string | undefined> {
  const schema = scalar("an address that begins with https://", tryEndpoint).optional();
  return warnedWhen(schema, (given) => {
    const isReadable = typeof given === "string" && given.toLowerCase().startsWith("http:");
    return isReadable ? "the client's secret goes over the network unencrypted: use https" : undefined;
  });
}

function tryEndpoint(given: string): string | undefined {
  const url = URL.parse(given);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" ? given : undefined;
}
