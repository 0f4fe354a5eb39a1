/**
 * A broker with a listener for each kind of security, certificates and secrets for it, a token endpoint, and producers that are made of
 * a section `Authentication`.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import { authentication, type KafkaSecurity } from "../../src/deliver/kafka/authentication_options.ts";
import type { KafkaProducer, ProducerOptions } from "../../src/deliver/kafka/producer.ts";
import { connectProducer } from "../../src/deliver/kafka/producer_pool.ts";
import { TestCertificates } from "./certificates.ts";
import { TestKafka } from "./kafka.ts";
import { ArraySlot } from "./record_batch.ts";
import { RecordingLog } from "./recording_log.ts";

/** That of user alice. */
export const PASSWORD = "correct horse battery!";
/** Nobody's. */
export const WRONG_PASSWORD = "wrong-horse-battery";
/** That of the client `sluice` of the token endpoint. */
export const CLIENT_SECRET = "hush+hush/hush";
/** How long a login lasts on the listener SHORT. */
export const SESSION_MS = 1500;
const TOLD_AFTER_MS_MAX = 15_000;
const DELIVERED_AFTER_MS_MAX = 10_000;

const SCRAM_USERS = ["SCRAM-SHA-256", "SCRAM-SHA-512"].map((mechanism) =>
  `${mechanism}=[name=alice,password=${PASSWORD}]`
);

const LISTENERS = {
  TLS: "SSL",
  MUTUAL: "SSL",
  LOGIN: "SASL_PLAINTEXT",
  SECURE: "SASL_SSL",
  SHORT: "SASL_PLAINTEXT",
} as const;

function brokerProperties(certificates: TestCertificates): Record<string, string> {
  const logins = ["login", "secure", "short"].flatMap((listener) => loginProperties(`listener.name.${listener}`));
  return {
    "ssl.keystore.type": "PEM",
    "ssl.keystore.location": certificates.keystoreFile,
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": certificates.authorityFile,
    "listener.name.mutual.ssl.client.auth": "required",
    "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
    "listener.name.short.plain.connections.max.reauth.ms": String(SESSION_MS),
    ...Object.fromEntries(logins),
  };
}

function loginProperties(listener: string): [name: string, value: string][] {
  const modules = "org.apache.kafka.common.security";
  return [
    [`${listener}.plain.sasl.jaas.config`, `${modules}.plain.PlainLoginModule required user_alice="${PASSWORD}";`],
    [`${listener}.scram-sha-256.sasl.jaas.config`, `${modules}.scram.ScramLoginModule required;`],
    [`${listener}.scram-sha-512.sasl.jaas.config`, `${modules}.scram.ScramLoginModule required;`],
    [`${listener}.oauthbearer.sasl.jaas.config`, `${modules}.oauthbearer.OAuthBearerLoginModule required;`],
  ];
}

/** A token as a broker takes it that trusts everybody: https://www.rfc-editor.org/rfc/rfc7515#appendix-A.5 */
export function unsecuredToken(lifeSeconds: number): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const parts = [{ alg: "none" }, { sub: "alice", iat: nowSeconds, exp: nowSeconds + lifeSeconds }];
  return `${parts.map((part) => base64Url(JSON.stringify(part))).join(".")}.`;
}

function base64Url(text: string): string {
  return new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** A producer that is made of a section `Authentication`, and its log. */
export class SecuredProducer implements AsyncDisposable {
  readonly log = new RecordingLog();
  readonly producer: KafkaProducer;
  readonly options: ProducerOptions;

  constructor(brokers: string, given: object) {
    const security: KafkaSecurity | undefined = authentication().parse(given);
    this.options = {
      brokers: [brokers],
      clientId: "sluice-test",
      requestTimeoutMs: 10_000,
      inFlightPerPartitionMax: 5,
      backoffInitMs: 100,
      backoffMaxMs: 500,
      metadataMaxAgeMs: 60_000,
      ...(security && { security }),
    };
    this.producer = connectProducer(this.options, makeDenoEnv(), this.log);
  }

  async send(topic: string, text: string): Promise<string> {
    return (await this.producer.send(topic, new ArraySlot([{ value: new TextEncoder().encode(text) }]))).kind;
  }

  /** Sends, and gives up with what the log says when that takes too long. */
  async deliver(topic: string, text: string): Promise<void> {
    const timer = setTimeout(() => void this.producer.stop(0), DELIVERED_AFTER_MS_MAX);
    assertEquals(await this.send(topic, text), "acknowledged", this.log.lines.join("\n"));
    clearTimeout(timer);
  }

  /** Sends what cannot be delivered, and returns the first line that the log says about it. */
  async firstComplaint(topic: string): Promise<string> {
    const sending = this.send(topic, "must not arrive");
    const deadlineMs = Date.now() + TOLD_AFTER_MS_MAX;
    while (this.log.lines.length === 0 && Date.now() < deadlineMs) await pause(20);
    await this.producer.stop(0);
    assertEquals(await sending, "abandoned");
    return this.log.lines[0] ?? "";
  }

  /** Everything that could be shown to somebody. */
  get visible(): string {
    return [...this.log.lines, JSON.stringify(this.options), Deno.inspect(this.options, { depth: 9 })].join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.producer.stop(0);
  }
}

/** Waits for real. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A broker, certificates, files with secrets, and a token endpoint. */
export class SecurityScene implements AsyncDisposable {
  readonly kafka: TestKafka;
  readonly certificates: TestCertificates;
  readonly #directory: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  tokenRequestCount = 0;
  #topicCount = 0;

  private constructor(kafka: TestKafka, certificates: TestCertificates, directory: string) {
    this.kafka = kafka;
    this.certificates = certificates;
    this.#directory = directory;
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  static async make(): Promise<SecurityScene> {
    const certificates = await TestCertificates.make();
    const properties = brokerProperties(certificates);
    const kafka = await TestKafka.start({ listeners: LISTENERS, scramUsers: SCRAM_USERS, properties });
    return new SecurityScene(kafka, certificates, await Deno.makeTempDir({ prefix: "sluice-secrets-" }));
  }

  get tokenEndpoint(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/token`;
  }

  async file(name: string, text: string): Promise<string> {
    const path = `${this.#directory}/${name}`;
    await Deno.writeTextFile(path, text);
    return path;
  }

  async newTopic(): Promise<string> {
    const topic = `topic-${++this.#topicCount}`;
    await this.kafka.createTopic(topic);
    return topic;
  }

  async texts(topic: string): Promise<string[]> {
    const decoder = new TextDecoder();
    return (await this.kafka.consumeAll(topic)).map(({ value }) => decoder.decode(value ?? undefined));
  }

  /** A record gets through, over the listener and with the section `Authentication` that are given. */
  async assertDelivers(listener: keyof typeof LISTENERS, given: object): Promise<void> {
    const topic = await this.newTopic();
    await using secured = new SecuredProducer(this.kafka.brokersOf(listener), given);
    await secured.deliver(topic, "hello");
    assertEquals(await this.texts(topic), ["hello"]);
    assertEquals(secured.log.lines, []);
    assertHidesSecrets(secured.visible);
  }

  /** No record gets through, and one line says each of `words`. */
  async assertRefused(brokers: string, given: object, ...words: readonly string[]): Promise<void> {
    const topic = await this.newTopic();
    await using secured = new SecuredProducer(brokers, given);
    const complaint = await secured.firstComplaint(topic);
    for (const word of [brokers, ...words]) assertStringIncludes(complaint, word);
    assertEquals(await this.texts(topic), []);
    assertHidesSecrets(secured.visible);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await this.kafka[Symbol.asyncDispose]();
    await this.certificates[Symbol.asyncDispose]();
    await Deno.remove(this.#directory, { recursive: true });
  }

  /** A token endpoint: https://www.rfc-editor.org/rfc/rfc6749#section-4.4 */
  async #answer(request: Request): Promise<Response> {
    this.tokenRequestCount++;
    const form = await request.formData();
    const isKnown = request.headers.get("authorization") === `Basic ${btoa("sluice:hush%2Bhush%2Fhush")}`;
    if (!isKnown || form.get("grant_type") !== "client_credentials") {
      return Response.json({ error: "invalid_client" }, { status: 401 });
    }
    return Response.json({ access_token: unsecuredToken(300), token_type: "Bearer", expires_in: 300 });
  }
}

function assertHidesSecrets(text: string): void {
  for (const secret of [PASSWORD, WRONG_PASSWORD, CLIENT_SECRET]) assert(!text.includes(secret), text);
}
