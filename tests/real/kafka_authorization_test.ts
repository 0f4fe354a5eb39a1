/**
 * A user who may not write to a topic, or to none, through the binary and a real broker that checks it: the agent says what is missing, and
 * goes on when it is granted.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from "kafkajs";
import { canRunFlusherScene, FlusherAgent, FlusherScene } from "../support/flusher_scene.ts";
import { eventually } from "../support/sluice.ts";

const LISTENER = "LOGIN";
const LOGIN = "Authentication: { SASL: { Username: alice, Password: rabbit } }";

/** Whoever comes without a login may do everything, alice only what she is granted. */
const PROPERTIES = {
  "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
  "super.users": "User:ANONYMOUS",
  "sasl.enabled.mechanisms": "PLAIN",
  "listener.name.login.plain.sasl.jaas.config":
    'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="rabbit";',
};

/** Lets alice write to a topic, which includes seeing it. */
async function grant(scene: FlusherScene, topic: string): Promise<void> {
  const admin = new Kafka({ brokers: [scene.kafka.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createAcls({
    acl: [{
      resourceType: AclResourceTypes.TOPIC,
      resourceName: topic,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: "User:alice",
      host: "*",
      operation: AclOperationTypes.WRITE,
      permissionType: AclPermissionTypes.ALLOW,
    }],
  });
  await admin.disconnect();
}

async function startAgent(scene: FlusherScene, lines: readonly string[], topic: string): Promise<FlusherAgent> {
  const options = [`Topic: "${topic}"`, LOGIN];
  return await FlusherAgent.start(scene.kafka.brokersOf(LISTENER), { lines, isJson: true, flushers: [{ options }] });
}

/** What it says about topics, beside that the password can be read on the way. */
function refusals({ complaints }: FlusherAgent): readonly string[] {
  return complaints.filter((line) => line.includes("does not take records"));
}

async function testNothingGranted(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("secret");
  await using agent = await startAgent(scene, ['{"app":"one"}'], "secret");
  await eventually("it complains", () => refusals(agent).length > 0);
  assertStringIncludes(refusals(agent)[0], "for topic secret now: TOPIC_AUTHORIZATION_FAILED");
  assertStringIncludes(refusals(agent)[0], "allow this user to WRITE to and DESCRIBE the topic");
  assertEquals(agent.savedOffset, 0);
  await grant(scene, "secret");
  await scene.kafka.consumeAll("secret", { count: 1 });
  await eventually("all is settled", () => agent.isSettled);
  await agent.stop();
  assertEquals(refusals(agent).length, 1, agent.sluice.log);
}

async function testOneTopicGranted(scene: FlusherScene): Promise<void> {
  for (const topic of ["mine", "yours"]) await scene.kafka.createTopic(topic);
  await grant(scene, "mine");
  const lines = ['{"app":"mine"}', '{"app":"yours"}', '{"app":"mine"}'];
  await using agent = await startAgent(scene, lines, "%{content.app}");
  await eventually("it complains", () => refusals(agent).length > 0);
  agent.log.writeLines(['{"app":"mine"}']);
  await scene.kafka.consumeAll("mine", { count: 3 });
  assert(!agent.isSettled);
  await grant(scene, "yours");
  await scene.kafka.consumeAll("yours", { count: 1 });
  await eventually("all is settled", () => agent.isSettled);
  await agent.stop();
  assertEquals(refusals(agent).length, 1, agent.sluice.log);
}

Deno.test("a user who may not write is told what is missing, and goes on when it is granted", async (test) => {
  if (!canRunFlusherScene()) return;
  await using scene = await FlusherScene.start({ listeners: { [LISTENER]: "SASL_PLAINTEXT" }, properties: PROPERTIES });
  await test.step("no topic at all", () => testNothingGranted(scene));
  await test.step("one of two: it does not wait for the other", () => testOneTopicGranted(scene));
});
