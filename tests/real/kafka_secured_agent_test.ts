/**
 * The section `Authentication` of pipeline files, through the binary and a real broker: secrets from files and variables, what a wrong
 * one costs, and that none of them is ever shown.
 *
 * @module
 */
import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { BrokerStandIn } from "../support/broker_stand_in.ts";
import { certificatesRequirement } from "../support/certificates.ts";
import { FlusherAgent } from "../support/flusher_scene.ts";
import { kafkaRequirement } from "../support/kafka.ts";
import { fieldOf } from "../support/made_up_node.ts";
import { processorMs } from "../support/process_figures.ts";
import { needs } from "../support/requirement.ts";
import {
  CLIENT_SECRET,
  PASSWORD,
  pause,
  SecurityScene,
  unsecuredToken,
  WRONG_PASSWORD,
} from "../support/security_scene.ts";
import { eventually } from "../support/sluice.ts";

const MESSAGE_WAIT_MS = 30_000;
/** Over this time the agent is watched while its password is wrong. */
const WATCHED_MS = 5000;
const PROCESSOR_SHARE_MAX = 0.2;
/** Logins within `WATCHED_MS`: it waits two seconds at most, and not much less than one once it has waited longest. */
const LOGINS = { min: 2, max: 8 } as const;

function assertHidesSecrets(agent: FlusherAgent): void {
  const shown = agent.sluice.log + agent.sluice.stdout;
  for (const secret of [PASSWORD, WRONG_PASSWORD, CLIENT_SECRET]) assert(!shown.includes(secret), shown);
}

/** What has arrived. */
async function contents(scene: SecurityScene, topic: string, count = 0): Promise<string[]> {
  const messages = await scene.kafka.consumeAll(topic, { count, timeoutMs: MESSAGE_WAIT_MS });
  return messages.map(({ value }) => fieldOf(value, "content"));
}

/** A flusher for a listener. */
interface SecuredFlusher {
  readonly listener: "TLS" | "MUTUAL" | "LOGIN" | "SECURE";
  readonly options: readonly string[];
  readonly type?: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function testDelivers(
  scene: SecurityScene,
  { listener, options, type, env }: SecuredFlusher,
): Promise<FlusherAgent> {
  const topic = await scene.newTopic();
  const brokers = scene.kafka.brokersOf(listener);
  const flusher = { type, options: [`Topic: ${topic}`, ...options] };
  await using agent = await FlusherAgent.start(brokers, { lines: ["hello"], flushers: [flusher], env });
  assertEquals(await contents(scene, topic, 1), ["hello"]);
  await agent.stop();
  assertHidesSecrets(agent);
  return agent;
}

async function testSecretsInTheirPlaces(scene: SecurityScene): Promise<void> {
  const tls = `TLS: { Enabled: true, CAFile: ${scene.certificates.authorityFile} }`;
  const file = await scene.file("password", `${PASSWORD}\n`);
  for (const mechanism of ["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]) {
    for (const password of [`file:${file}`, "${KAFKA_PASSWORD}"]) {
      const sasl = `SASL: { Username: "\${KAFKA_USER:alice}", Password: "${password}", SaslMechanism: ${mechanism} }`;
      const options = ["Authentication:", `  ${sasl}`, `  ${tls}`];
      const agent = await testDelivers(scene, { listener: "SECURE", options, env: { KAFKA_PASSWORD: PASSWORD } });
      assertEquals(agent.complaints, []);
    }
  }
}

async function testVersion1(scene: SecurityScene): Promise<void> {
  const options = ["SASLUsername: alice", `SASLPassword: ${PASSWORD}`];
  await testDelivers(scene, { listener: "LOGIN", type: "flusher_kafka", options });
}

async function testPlainText(scene: SecurityScene): Promise<void> {
  const options = [`Authentication: { PlainText: { Username: alice, Password: ${PASSWORD} } }`];
  const agent = await testDelivers(scene, { listener: "LOGIN", options });
  assertEquals(agent.complaints.length, 1, agent.sluice.log);
  assertStringIncludes(agent.complaints[0], "without TLS the password goes over the network unencrypted");
}

async function testCertificate(scene: SecurityScene): Promise<void> {
  const { authorityFile, client } = scene.certificates;
  const tls = `Enabled: true, CAFile: ${authorityFile}, CertFile: ${client.certFile}, KeyFile: ${client.keyFile}`;
  const options = [`Authentication: { TLS: { ${tls}, MinVersion: '1.2', MaxVersion: '1.3' } }`];
  assertEquals((await testDelivers(scene, { listener: "MUTUAL", options })).complaints, []);
  const careless = ["Authentication: { TLS: { Enabled: true, InsecureSkipVerify: true } }"];
  await testDelivers(scene, { listener: "TLS", options: careless });
}

async function testTokens(scene: SecurityScene): Promise<void> {
  const token = unsecuredToken(300);
  const TokenFile = await scene.file("agent-token", token);
  const options = [`Authentication: { SASL: { SaslMechanism: OAUTHBEARER, TokenFile: ${TokenFile} } }`];
  const agent = await testDelivers(scene, { listener: "LOGIN", options });
  assert(!agent.sluice.log.includes(token.slice(0, 30)));
  const client = `TokenEndpoint: ${scene.tokenEndpoint}, ClientID: sluice, ClientSecret: "\${CLIENT_SECRET}"`;
  const endpoint = [`Authentication: { SASL: { SaslMechanism: OAUTHBEARER, ${client} } }`];
  const other = await testDelivers(scene, { listener: "LOGIN", options: endpoint, env: { CLIENT_SECRET } });
  assert(!other.sluice.log.includes(CLIENT_SECRET));
}

/** The agent reaches its broker through a port that counts. */
async function testWrongPassword(scene: SecurityScene): Promise<void> {
  const topic = await scene.newTopic();
  const file = await scene.file("wrong", WRONG_PASSWORD);
  const [, port] = scene.kafka.brokersOf("SECURE").split(":");
  using broker = new BrokerStandIn({ port: Number(port) });
  const options = [
    `Topic: ${topic}`,
    "Authentication:",
    `  SASL: { Username: alice, Password: "file:${file}", SaslMechanism: SCRAM-SHA-512 }`,
    `  TLS: { Enabled: true, CAFile: ${scene.certificates.authorityFile} }`,
  ];
  await using agent = await FlusherAgent.start(broker.brokers, { lines: ["hello"], flushers: [{ options }] });
  await eventually("it complains", () => agent.complaints.length > 0);
  const [usedMs, logins] = [processorMs(agent.sluice.pid), broker.connectedAtMs.length];
  await pause(WATCHED_MS);
  assertLess((processorMs(agent.sluice.pid) - usedMs) / WATCHED_MS, PROCESSOR_SHARE_MAX);
  const loginsMeanwhile = broker.connectedAtMs.length - logins;
  assert(loginsMeanwhile >= LOGINS.min && loginsMeanwhile <= LOGINS.max, `${loginsMeanwhile} logins`);
  assertEquals(agent.complaints.length, 1, agent.sluice.log);
  assertStringIncludes(agent.complaints[0], 'refuses the login of user "alice" by SCRAM-SHA-512');
  assertEquals([await contents(scene, topic), agent.savedOffset], [[], 0]);
  await Deno.writeTextFile(file, PASSWORD);
  assertEquals(await contents(scene, topic, 1), ["hello"]);
  await eventually("it is settled", () => agent.isSettled);
  await agent.stop();
  assertEquals(agent.complaints.length, 1, agent.sluice.log);
  assertHidesSecrets(agent);
}

/** A configuration that cannot be used is told without what is secret in it. */
async function testRefused(): Promise<void> {
  const cases = {
    [`PlainText: { Username: alice, Password: ${PASSWORD} }, SASL: { Username: bob, Password: ${WRONG_PASSWORD} }`]:
      "only one of them can log in",
    [`SASL: { Username: alice, Password: ${PASSWORD}, SaslMechanism: MD5 }`]: "SCRAM-SHA-512",
    "SASL: { Username: alice, Password: file:relative }": "absolute path",
    [`SASL: { Password: ${PASSWORD} }`]: "Username",
    "TLS: { Enabled: true, CertFile: /cert.pem }": "KeyFile",
    "Kerberos: { ServiceName: kafka, Realm: EXAMPLE }": "Kerberos is not supported",
  };
  for (const [section, words] of Object.entries(cases)) {
    const options = ["Topic: logs", `Authentication: { ${section} }`];
    await using agent = await FlusherAgent.start("127.0.0.1:9092", { flushers: [{ options }] });
    assertEquals(await agent.sluice.ended(), 2, section);
    assertStringIncludes(agent.sluice.log, words);
    assertHidesSecrets(agent);
  }
}

Deno.test("an agent logs in to a secured broker, and never shows its secrets", async (test) => {
  if (!needs("Java and Kafka", kafkaRequirement()) || !needs("openssl", certificatesRequirement())) return;
  await using scene = await SecurityScene.make();
  await test.step("SASL_SSL: each mechanism, with passwords in a file and in a variable", () =>
    testSecretsInTheirPlaces(scene));
  await test.step("flusher_kafka with SASLUsername and SASLPassword", () => testVersion1(scene));
  await test.step("PlainText, with a warning that it is readable", () => testPlainText(scene));
  await test.step("a certificate of its own; a broker's certificate that nobody looks at", () =>
    testCertificate(scene));
  await test.step("OAUTHBEARER by TokenFile, and by TokenEndpoint, ClientID and ClientSecret", () => testTokens(scene));
  await test.step("a wrong password: told once, tried again at leisure, and used as soon as it is put right", () =>
    testWrongPassword(scene));
  await test.step("a section that cannot be used ends the agent with the reason: Kerberos is not supported", () =>
    testRefused());
});
