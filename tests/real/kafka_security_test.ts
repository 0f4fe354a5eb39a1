/**
 * The producer against a real broker that wants to be spoken to over TLS, with certificates, and with each kind of login.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { certificatesRequirement } from "../support/certificates.ts";
import { kafkaRequirement } from "../support/kafka.ts";
import { needs } from "../support/requirement.ts";
import {
  CLIENT_SECRET,
  PASSWORD,
  pause,
  SecuredProducer,
  SecurityScene,
  SESSION_MS,
  unsecuredToken,
  WRONG_PASSWORD,
} from "../support/security_scene.ts";

async function testTls(scene: SecurityScene): Promise<void> {
  const { certificates, kafka } = scene;
  const TLS = { Enabled: "true", CAFile: certificates.authorityFile };
  const named = kafka.brokersOf("TLS").replace("127.0.0.1", "localhost");
  for (const MinVersion of ["1.2", "1.3"]) await scene.assertDelivers("TLS", { TLS: { ...TLS, MinVersion } });
  await scene.assertDelivers("TLS", { TLS: { ...TLS, MaxVersion: "1.2" } });
  await scene.assertDelivers("TLS", { TLS: { ...TLS, ServerName: "broker.test" } });
  await scene.assertDelivers("TLS", { TLS: { Enabled: "true", InsecureSkipVerify: "true", ServerName: "elsewhere" } });
  await scene.assertRefused(kafka.brokersOf("TLS"), { TLS: { Enabled: "true" } }, "set CAFile");
  const stranger = { ...TLS, CAFile: certificates.strangerFile };
  await scene.assertRefused(named, { TLS: stranger }, `not from an authority in ${certificates.strangerFile}`);
  await scene.assertRefused(named, { TLS: { ...TLS, ServerName: "elsewhere" } }, "other names than elsewhere");
  await scene.assertRefused(kafka.brokers, { TLS }, "hangs up instead of speaking TLS");
  await scene.assertRefused(named, { TLS: { ...TLS, CAFile: "/nowhere/ca.pem" } }, "/nowhere/ca.pem", "does not exist");
}

async function testClientCertificate(scene: SecurityScene): Promise<void> {
  const { authorityFile: CAFile, client, intruder } = scene.certificates;
  const TLS = { Enabled: "true", CAFile };
  const brokers = scene.kafka.brokersOf("MUTUAL");
  const own = { CertFile: client.certFile, KeyFile: client.keyFile };
  await scene.assertDelivers("MUTUAL", { TLS: { ...TLS, ...own } });
  await scene.assertDelivers("MUTUAL", { TLS: { ...TLS, ...own, MaxVersion: "1.2" } });
  await scene.assertRefused(brokers, { TLS }, "set CertFile and KeyFile");
  const other = { CertFile: intruder.certFile, KeyFile: intruder.keyFile };
  await scene.assertRefused(brokers, { TLS: { ...TLS, ...other } }, `does not accept our certificate`, other.CertFile);
  await scene.assertRefused(brokers, { TLS: { ...TLS, ...own, KeyFile: other.KeyFile } }, "does not belong to");
}

async function testPasswords(scene: SecurityScene): Promise<void> {
  const TLS = { Enabled: "true", CAFile: scene.certificates.authorityFile };
  const brokers = scene.kafka.brokersOf("LOGIN");
  const Password = `file:${await scene.file("password", `${PASSWORD}\n`)}`;
  for (const SaslMechanism of ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]) {
    const SASL = { Username: "alice", Password: PASSWORD, SaslMechanism };
    await scene.assertDelivers("LOGIN", { SASL });
    await scene.assertDelivers("SECURE", { SASL: { ...SASL, Password }, TLS });
    const words = [`refuses the login of user "alice" by ${SaslMechanism}`, "check Username, Password"];
    await scene.assertRefused(brokers, { SASL: { ...SASL, Password: WRONG_PASSWORD } }, ...words);
  }
  await scene.assertDelivers("LOGIN", { PlainText: { Username: "alice", Password: PASSWORD } });
  const missing = { SASL: { Username: "alice", Password: "file:/nowhere/password" } };
  await scene.assertRefused(brokers, missing, "/nowhere/password", "does not exist");
  const login = { SASL: { Username: "alice", Password: PASSWORD } };
  await scene.assertRefused(scene.kafka.brokers, login, "takes no login on this port");
}

async function testTokens(scene: SecurityScene): Promise<void> {
  const brokers = scene.kafka.brokersOf("LOGIN");
  const TokenFile = await scene.file("token", `${unsecuredToken(300)}\n`);
  const SASL = { SaslMechanism: "OAUTHBEARER" };
  await scene.assertDelivers("LOGIN", { SASL: { ...SASL, TokenFile } });
  const endpoint = {
    ...SASL,
    TokenEndpoint: scene.tokenEndpoint,
    ClientID: "sluice",
    ClientSecret: CLIENT_SECRET,
    Scope: "logs",
  };
  await scene.assertDelivers("LOGIN", { SASL: endpoint });
  assertEquals(scene.tokenRequestCount, 1);
  const expired = await scene.file("expired", unsecuredToken(-600));
  await scene.assertRefused(brokers, { SASL: { ...SASL, TokenFile: expired } }, "refuses the token", expired);
  const missing = { ...SASL, TokenFile: "/nowhere/token" };
  await scene.assertRefused(brokers, { SASL: missing }, "/nowhere/token", "does not exist");
  const wrong = { ...endpoint, ClientSecret: WRONG_PASSWORD };
  const words = [scene.tokenEndpoint, `gives client "sluice" no token: status 401`, "invalid_client"];
  const before = scene.tokenRequestCount;
  await scene.assertRefused(brokers, { SASL: wrong }, ...words);
  // It was tried again, and not without a pause: a complaint comes after a second, of waits of 50 ms and more.
  const tries = scene.tokenRequestCount - before;
  assert(tries >= 2 && tries <= 20, `${tries} tries`);
}

async function testNothing(scene: SecurityScene): Promise<void> {
  await scene.assertRefused(scene.kafka.brokersOf("TLS"), {}, "hangs up at once: perhaps it wants TLS");
  await scene.assertRefused(scene.kafka.brokersOf("LOGIN"), {}, "perhaps it wants a login");
}

async function testShortLogins(scene: SecurityScene): Promise<void> {
  const topic = await scene.newTopic();
  const SASL = { Username: "alice", Password: PASSWORD };
  await using secured = new SecuredProducer(scene.kafka.brokersOf("SHORT"), { SASL });
  const expected: string[] = [];
  for (const endMs = Date.now() + 3 * SESSION_MS; Date.now() < endMs; await pause(50)) {
    expected.push(`record ${expected.length}`);
    await secured.deliver(topic, expected[expected.length - 1]);
  }
  assertEquals(await scene.texts(topic), expected);
  assertEquals(secured.log.lines, []);
  assertEquals(secured.producer.metrics.retries, 0);
}

/** The connection is never without an unanswered request, so that the broker ends the login in the middle of them. */
async function testShortLoginsUnderLoad(scene: SecurityScene): Promise<void> {
  const topic = await scene.newTopic();
  const SASL = { Username: "alice", Password: PASSWORD };
  await using secured = new SecuredProducer(scene.kafka.brokersOf("SHORT"), { SASL });
  const sending: Promise<void>[] = [];
  let waitingCount = 0;
  for (const endMs = Date.now() + 2 * SESSION_MS; Date.now() < endMs; await pause(1)) {
    if (waitingCount >= 20) continue;
    waitingCount++;
    sending.push(secured.deliver(topic, `record ${sending.length}`).finally(() => waitingCount--));
  }
  await Promise.all(sending);
  assertEquals(await scene.texts(topic), sending.map((_, number) => `record ${number}`));
  assertEquals(secured.log.lines, []);
}

async function testRotation(scene: SecurityScene): Promise<void> {
  const topic = await scene.newTopic();
  const path = await scene.file("rotated", WRONG_PASSWORD);
  const SASL = { Username: "alice", Password: `file:${path}`, SaslMechanism: "SCRAM-SHA-512" };
  await using secured = new SecuredProducer(scene.kafka.brokersOf("LOGIN"), { SASL });
  const delivering = secured.deliver(topic, "late");
  await pause(700);
  await Deno.writeTextFile(path, PASSWORD);
  await delivering;
  assertEquals(await scene.texts(topic), ["late"]);
}

Deno.test("a secured broker gets records, and every reason why not is told once and without secrets", async (test) => {
  if (!needs("Java 17 and Maven", kafkaRequirement()) || !needs("openssl", certificatesRequirement())) return;
  await using scene = await SecurityScene.make();
  await test.step("Authentication.TLS: Enabled, CAFile, ServerName, MinVersion, MaxVersion, InsecureSkipVerify", () =>
    testTls(scene));
  await test.step("Authentication.TLS: CertFile and KeyFile, a certificate of the agent's own", () =>
    testClientCertificate(scene));
  await test.step("Authentication.SASL, PlainText: Username, Password, SaslMechanism PLAIN and SCRAM, with and without TLS", () =>
    testPasswords(scene));
  await test.step("Authentication.SASL: OAUTHBEARER by TokenFile, and by TokenEndpoint, ClientID, ClientSecret, Scope", () =>
    testTokens(scene));
  await test.step("neither TLS nor login, where the broker wants them", () => testNothing(scene));
  await test.step("a login that the broker ends costs neither records nor lines in the log", () =>
    testShortLogins(scene));
  await test.step("nor under load", () => testShortLoginsUnderLoad(scene));
  await test.step("a password that is put right in its file is used without a restart", () => testRotation(scene));
});
