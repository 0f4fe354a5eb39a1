/**
 * Tokens for OAUTHBEARER: from a file that is read at each login, or from a token endpoint, kept until shortly before they expire.
 * No message holds a token or the client's secret.
 *
 * @module
 */
import type { TokenSource } from "./sasl_options.ts";
import { readSecretFile } from "./secret.ts";
import { SecurityError, type SecurityFiles } from "./security_error.ts";

const ANSWER_TIMEOUT_MS = 10_000;
/** A token is not used any more when less than this is left of its life, and less than a fifth. */
const MARGIN_MS_MAX = 60_000;
const MARGIN_SHARE = 0.2;
const ANSWER_CHARACTERS_SHOWN = 200;

/** What tokens need of the world. */
export interface TokenWorld {
  readonly files: SecurityFiles;
  now(): number;
}

type Endpoint = Exclude<TokenSource, { readonly file: string }>;

/** Gives tokens for the logins of one cluster. */
export class TokenProvider {
  readonly #source: TokenSource;
  readonly #world: TokenWorld;
  #asking: Promise<string> | undefined;
  #token = "";
  #freshUntilMs = 0;

  constructor(source: TokenSource, world: TokenWorld) {
    this.#source = source;
    this.#world = world;
  }

  /** A token. Rejects with a `SecurityError` that names the file or the endpoint when there is none to be had. */
  token(): Promise<string> {
    const source = this.#source;
    if ("file" in source) return this.#read(source.file);
    if (this.#world.now() < this.#freshUntilMs) return Promise.resolve(this.#token);
    this.#asking ??= this.#ask(source).finally(() => this.#asking = undefined);
    return this.#asking;
  }

  /** The brokers do not take the token: the next login asks for another. */
  forget(): void {
    this.#freshUntilMs = 0;
  }

  #read(path: string): Promise<string> {
    return new Promise((resolve) => resolve(readSecretFile(this.#world.files, path, "the token of TokenFile").trim()));
  }

  async #ask(endpoint: Endpoint): Promise<string> {
    const askedMs = this.#world.now();
    const answer = await requestToken(endpoint, this.#world.files);
    const lifeMs = answer.expiresInSeconds * 1000;
    this.#freshUntilMs = askedMs + lifeMs - Math.min(MARGIN_MS_MAX, lifeMs * MARGIN_SHARE);
    this.#token = answer.token;
    return answer.token;
  }
}

/** The client credentials grant: https://www.rfc-editor.org/rfc/rfc6749#section-4.4 */
async function requestToken(endpoint: Endpoint, files: SecurityFiles): Promise<TokenAnswer> {
  const secret = endpoint.clientSecret.reveal(files, "the secret of ClientSecret");
  const credentials = new TextEncoder().encode(`${formEncoded(endpoint.clientId)}:${formEncoded(secret)}`);
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    ...(endpoint.scope && { scope: endpoint.scope }),
  });
  const answer = await exchange(endpoint.endpoint, {
    method: "POST",
    headers: { authorization: `Basic ${credentials.toBase64()}`, accept: "application/json" },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  if (answer.status !== 200) throw refusal(endpoint, answer);
  return parseTokenAnswer(endpoint.endpoint, answer.text);
}

interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

async function exchange(url: string, request: RequestInit): Promise<HttpAnswer> {
  try {
    const response = await fetch(url, request);
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SecurityError(`no token from ${url}: ${reason}: check TokenEndpoint and the network`);
  }
}

function refusal({ endpoint, clientId }: Endpoint, { status, text }: HttpAnswer): SecurityError {
  const reason = text.slice(0, ANSWER_CHARACTERS_SHOWN).replaceAll(/\s+/g, " ").trim();
  const told = reason === "" ? "" : ` (${reason})`;
  const remedy = status === 404 ? "TokenEndpoint" : "ClientID, ClientSecret and Scope";
  return new SecurityError(`${endpoint} gives client "${clientId}" no token: status ${status}${told}: check ${remedy}`);
}

interface TokenAnswer {
  readonly token: string;
  /** 0 when the endpoint does not say: then it is used once. */
  readonly expiresInSeconds: number;
}

function parseTokenAnswer(url: string, text: string): TokenAnswer {
  const answer = tryParseJson(text);
  const token: unknown = answer === undefined ? undefined : Reflect.get(answer, "access_token");
  if (answer === undefined || typeof token !== "string" || token === "") {
    throw new SecurityError(`${url} answers without an access_token: check that TokenEndpoint is the one for tokens`);
  }
  const expiresInSeconds = Number(Reflect.get(answer, "expires_in") ?? 0);
  return { token, expiresInSeconds: expiresInSeconds > 0 ? expiresInSeconds : 0 };
}

function tryParseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As in a form, which is how the parts of Basic credentials are written: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
function formEncoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
