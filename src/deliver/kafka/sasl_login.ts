/**
 * How kafkajs is told to log in, and what its failures mean. It speaks PLAIN and SCRAM itself; OAUTHBEARER is spoken here, because the
 * library takes a broker's refusal of a token for a success.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { SaslOptions } from "./sasl_options.ts";
import { TokenProvider, type TokenWorld } from "./sasl_token.ts";
import type { Secret } from "./secret.ts";
import { SecurityError, type SecurityFiles } from "./security_error.ts";

/** A mechanism's step as kafkajs 2.2.4 carries it out: what goes out, and how the answer is read. Both begin with their length. */
interface SaslStep {
  readonly request: { encode(): Promise<Buffer> };
  readonly response: { decode(bytes: Uint8Array): Promise<Uint8Array>; parse(bytes: Uint8Array): Promise<string> };
}

/** What kafkajs takes for a mechanism that it does not speak itself. */
interface SaslMechanism {
  readonly mechanism: string;
  readonly authenticationProvider: (
    context: { readonly saslAuthenticate: (step: SaslStep) => Promise<string> },
  ) => { authenticate(): Promise<void> };
}

/** What a login by user name and password needs; the password is asked for in every login. */
interface SaslPassword {
  readonly mechanism: string;
  readonly username: string;
  readonly password: string;
}

/** The option `sasl` of a `Kafka` object, as the library uses it; its own type asks for more. */
export type LibrarySasl = SaslPassword | SaslMechanism;

/** Makes the option `sasl` of a `Kafka` object: secrets and tokens are read whenever a connection logs in. */
export function saslFor(options: SaslOptions, world: TokenWorld): LibrarySasl {
  if (options.mechanism === "OAUTHBEARER") return oauthBearer(new TokenProvider(options.token, world));
  const { mechanism, username, password } = options;
  return new PasswordLogin(mechanism.toLowerCase(), username, password, world.files);
}

/** Reads its password whenever it is asked for it. The library adds a property of its own. */
class PasswordLogin implements SaslPassword {
  readonly mechanism: string;
  readonly username: string;
  readonly #password: Secret;
  readonly #files: SecurityFiles;

  constructor(mechanism: string, username: string, password: Secret, files: SecurityFiles) {
    this.mechanism = mechanism;
    this.username = username;
    this.#password = password;
    this.#files = files;
  }

  get password(): string {
    return this.#password.reveal(this.#files, `the password of user "${this.username}"`);
  }
}

/**
 * One message with the token, to which the broker answers with nothing when it takes it, and with the reason when not.
 * https://www.rfc-editor.org/rfc/rfc7628#section-3
 */
function oauthBearer(provider: TokenProvider): SaslMechanism {
  return {
    mechanism: "OAUTHBEARER",
    authenticationProvider: ({ saslAuthenticate }) => ({
      async authenticate() {
        const message = `n,,\x01auth=Bearer ${await provider.token()}\x01\x01`;
        const reason = await saslAuthenticate({
          request: { encode: () => Promise.resolve(withLength(message)) },
          response: {
            decode: (bytes) => Promise.resolve(bytes.subarray(4)),
            parse: (bytes) => Promise.resolve(new TextDecoder().decode(bytes)),
          },
        });
        if (reason === "") return;
        provider.forget();
        throw new TokenRefusal(reason);
      },
    }),
  };
}

function withLength(text: string): Buffer {
  const bytes = Buffer.alloc(4 + Buffer.byteLength(text));
  bytes.writeInt32BE(bytes.length - 4);
  bytes.write(text, 4);
  return bytes;
}

/** A broker does not take a token; the message is what it says, which is JSON: https://www.rfc-editor.org/rfc/rfc7628#section-3.2.2 */
class TokenRefusal extends Error {
  override readonly name = "TokenRefusal";
}

/**
 * Words for a login that failed.
 *
 * @param error what kafkajs gave.
 * @param broker `host:port`.
 * @returns the error itself where it has nothing to do with the login.
 */
export function describeLoginFailure(error: unknown, broker: string, options: SaslOptions): unknown {
  if (!(error instanceof Error) || error instanceof SecurityError) return error;
  const type: unknown = Reflect.get(error, "type");
  if (type === "UNSUPPORTED_SASL_MECHANISM") {
    return new SecurityError(
      `broker ${broker} does not log in by ${options.mechanism}: check SaslMechanism, and the port`,
    );
  }
  if (type === "ILLEGAL_SASL_STATE") {
    return new SecurityError(
      `broker ${broker} takes no login on this port: check the port in Brokers, or leave SASL out`,
    );
  }
  if (error instanceof TokenRefusal) return refused(error.message, broker, options);
  if (error.name !== "KafkaJSSASLAuthenticationError") return error;
  return refused(error.message.replace(/^SASL [A-Z0-9 -]+ authentication failed: /i, ""), broker, options);
}

function refused(reason: string, broker: string, options: SaslOptions): SecurityError {
  if (options.mechanism === "OAUTHBEARER") {
    const remedy = "file" in options.token ? options.token.file : "TokenEndpoint and Scope";
    return new SecurityError(
      `broker ${broker} refuses the token (${reason}): check ${remedy}, and what the brokers accept`,
    );
  }
  const { mechanism, username } = options;
  const remedy = "check Username, Password and SaslMechanism";
  return new SecurityError(
    `broker ${broker} refuses the login of user "${username}" by ${mechanism} (${reason}): ${remedy}`,
  );
}
