/**
 * The section `Authentication` of the Kafka flushers: encryption and login. Kerberos is refused; everything else of the original
 * is there, and OAUTHBEARER besides.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/flusher/kafkav2/authentication.go
 *
 * @module
 */
import type * as z from "zod";
import { refusedBecause, warnedWhen } from "../../core/option_notes.ts";
import { type OptionType, section, whenGood } from "../../core/options.ts";
import { plainTextSection, type SaslOptions, saslSection } from "./sasl_options.ts";
import type { Secret } from "./secret.ts";
import { type TlsOptions, tlsSection } from "./tls_options.ts";

/** How connections to the brokers are secured; what is not there is not used. */
export interface KafkaSecurity {
  readonly tls?: TlsOptions;
  readonly sasl?: SaslOptions;
}

const KERBEROS = "Kerberos is not supported: log in with SASL (SCRAM-SHA-512, SCRAM-SHA-256, PLAIN or OAUTHBEARER) " +
  "or with a certificate (TLS.CertFile)";

/** The section `Authentication`; undefined where it asks for nothing. */
export function authentication(): OptionType<KafkaSecurity | undefined> {
  const options = section({
    PlainText: plainTextSection(),
    SASL: saslSection(),
    TLS: tlsSection(),
    Kerberos: refusedBecause(KERBEROS),
  }).superRefine((given, context) => {
    if (given.PlainText === undefined || given.SASL === undefined) return;
    context.addIssue({
      code: "custom",
      path: ["PlainText"],
      message: "there is SASL, too: only one of them can log in",
    });
  }, whenGood("PlainText", "SASL")).transform(({ PlainText, SASL, TLS }) => trySecurity(TLS, SASL ?? PlainText));
  return warnedWhen(options, (given) => {
    const { data } = options.safeParse(given);
    const isReadable = data?.sasl?.mechanism === "PLAIN" && data.tls === undefined;
    return isReadable ? "without TLS the password goes over the network unencrypted" : undefined;
  });
}

/** `SASLUsername` and `SASLPassword` of the original's `flusher_kafka`, and the section that stands for them elsewhere. */
export interface GivenLogins {
  readonly Authentication?: KafkaSecurity;
  readonly SASLUsername?: string;
  readonly SASLPassword?: Secret;
}

/** Reports what does not go together among `GivenLogins`; for `superRefine`. */
export function checkLogins(given: GivenLogins, context: z.RefinementCtx): void {
  const { Authentication, SASLUsername, SASLPassword } = given;
  const report = (name: string, message: string) => context.addIssue({ code: "custom", path: [name], message });
  if (!SASLUsername && SASLPassword === undefined) return;
  if (SASLPassword === undefined) report("SASLUsername", "needs SASLPassword beside it");
  if (!SASLUsername) report("SASLPassword", "needs SASLUsername beside it");
  if (Authentication?.sasl !== undefined) report("SASLUsername", "Authentication logs in, too: only one of them can");
}

/** The security that checked `GivenLogins` ask for; a user name and password log in by PLAIN. */
export function trySecurityOf({ Authentication, SASLUsername, SASLPassword }: GivenLogins): KafkaSecurity | undefined {
  if (!SASLUsername || SASLPassword === undefined) return Authentication;
  return { ...Authentication, sasl: { mechanism: "PLAIN", username: SASLUsername, password: SASLPassword } };
}

function trySecurity(tls: TlsOptions | undefined, sasl: SaslOptions | undefined): KafkaSecurity | undefined {
  if (tls === undefined && sasl === undefined) return undefined;
  return { ...(tls && { tls }), ...(sasl && { sasl }) };
}
