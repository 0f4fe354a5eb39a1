/**
 * A password or another secret of the configuration: as it stands there, or in a file that is read again at each use, so that a
 * mounted secret may change. Whatever prints the options sees stars.
 *
 * Invariant: the text leaves a `Secret` through `reveal` alone, and no message of an error holds it.
 *
 * @module
 */
import { createHmac, randomBytes } from "node:crypto";
import * as z from "zod";
import { withFacts } from "../../core/option_facts.ts";
import { type OptionType, wrongValue } from "../../core/options.ts";
import { SecurityError, type SecurityFiles } from "./security_error.ts";

const FILE_PREFIX = "file:";
const STARS = "***";
/** Of this process alone: without it, what `toJSON` gives says nothing about the text. */
const FINGERPRINT_KEY = randomBytes(32);

/** A text that must not be shown. */
export class Secret {
  readonly #given: string;

  /** @param given the text itself, or `file:` and the path of a file that holds it. */
  constructor(given: string) {
    this.#given = given;
  }

  /**
   * The text, from its file without the newline at the end.
   *
   * @param what how a message names it: "the password".
   * @throws {SecurityError} naming the file, when it cannot be read or is empty.
   */
  reveal(files: SecurityFiles, what: string): string {
    if (!this.#given.startsWith(FILE_PREFIX)) return this.#given;
    return readSecretFile(files, this.#given.slice(FILE_PREFIX.length), what);
  }

  toString(): string {
    return STARS;
  }

  /**
   * Stars, and a fingerprint that differs between secrets and between processes: options that are compared as JSON, to share what
   * is made of them, must not be mistaken for others with another secret.
   */
  toJSON(): string {
    return `${STARS} ${createHmac("sha256", FINGERPRINT_KEY).update(this.#given).digest("hex").slice(0, 16)}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return STARS;
  }
}

/** A secret that a configuration gives: text, or `file:/path`. No problem of it shows what was given. */
export function secret(): OptionType<Secret> {
  const schema = z.string({ error: (issue) => wrongValue("text", issue.input) }).transform((given, context) => {
    const fault = tryFault(given);
    if (fault === undefined) return new Secret(given);
    context.addIssue({ code: "custom", message: fault });
    return z.NEVER;
  });
  return withFacts(schema, { kind: "text", wanted: "text, or file:/path" });
}

/**
 * Reads a file that holds nothing but a secret, without the newline at its end.
 *
 * @throws {SecurityError} naming the file, when it cannot be read or is empty.
 */
export function readSecretFile(files: SecurityFiles, path: string, what: string): string {
  const text = readSecurityFile(files, path, what).replace(/\r?\n$/, "");
  if (text === "") throw new SecurityError(`${path}, which should hold ${what}, is empty: write it there`);
  return text;
}

/**
 * Reads a file that the connection's security needs.
 *
 * @throws {SecurityError} naming the file, when it cannot be read.
 */
export function readSecurityFile(files: SecurityFiles, path: string, what: string): string {
  let text: string | undefined;
  try {
    text = files.tryReadText(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SecurityError(`${path}, which should hold ${what}, cannot be read (${reason}): check its permissions`);
  }
  if (text !== undefined) return text;
  throw new SecurityError(
    `${path}, which should hold ${what}, does not exist: check the path and what is mounted there`,
  );
}

function tryFault(given: string): string | undefined {
  if (given === "") return "must not be empty";
  if (!given.startsWith(FILE_PREFIX)) return undefined;
  return given.startsWith(`${FILE_PREFIX}/`) ? undefined : 'after "file:" must come an absolute path';
}
