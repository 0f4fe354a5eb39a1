/**
 * Connections to a broker whose frames are mutated, through the library and the socket that the agent has: every request ends, in an
 * answer or in an error, and nothing else fails.
 *
 * @module
 */
import { assert } from "@std/assert";
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import { KafkaCluster } from "../../src/deliver/kafka/cluster.ts";
import type { Random } from "../support/random.ts";
import { BrokenBroker } from "./broken_broker.ts";
import { fuzz } from "./fuzz.ts";
import { Mutator } from "./mutate.ts";

const REQUEST_TIMEOUT_MS = 400;
const env = makeDenoEnv("192.0.2.1");
const TOKENS = [
  "HTTP/1.1 400 Bad Request\r\n\r\n",
  Uint8Array.of(0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0, 0, 0, 0),
  "\x15\x03\x01\x00\x02\x02\x16",
];

/**
 * Asks until the answer with a random number, counted from 0, was mutated. Nothing is asked afterwards: it may name other brokers, which
 * are none of ours.
 */
async function connect(broker: BrokenBroker, random: Random): Promise<void> {
  let good = random.integer(0, 2);
  broker.answer = (frame) => {
    if (good-- > 0) return { bytes: frame, isLast: false };
    return { bytes: new Mutator([frame], TOKENS).mutant(random), isLast: true };
  };
  const brokers = [`127.0.0.1:${broker.port}`];
  const cluster = new KafkaCluster({ brokers, clientId: "fuzz", requestTimeoutMs: REQUEST_TIMEOUT_MS }, env);
  try {
    while (good >= 0) await cluster.metadata("t");
  } catch (error) {
    assert(error instanceof Error && error.message !== "", "a failure says why");
    assert(!error.message.startsWith("BUG"), error.message);
  } finally {
    cluster.stop();
  }
}

Deno.test("mutated frames of a broker end in answers or errors, in time", async () => {
  using broker = new BrokenBroker();
  const count = await fuzz("kafka connection", (random) => connect(broker, random));
  assert(count > 20, `only ${count} cases`);
  // Lets sockets that were just closed on either side finish.
  await new Promise((resolve) => setTimeout(resolve, 50));
});
