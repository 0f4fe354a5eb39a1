import { assertEquals, assertRejects } from "@std/assert";
import { ClockEnv } from "../../../../tests/support/clock_env.ts";
import { RecordingLog } from "../../../../tests/support/recording_log.ts";
import type { RequestChannel } from "../broker_connection.ts";
import type { BrokerDirectory } from "../cluster.ts";
import { FailureReport } from "../failure_report.ts";
import type { KafkaRequest } from "../request.ts";
import { WireWriter } from "../wire.ts";
import { TransactionCoordinator } from "./coordinator.ts";
import { TransactionBroken } from "./until_done.ts";

/** What a broker answers: an error code, or nothing before the connection is lost. */
type Answer = number | "lost";

/** A cluster whose brokers answer as they are told, in this order, and well when nothing is left. */
class ScriptedCluster implements BrokerDirectory {
  /** The names of the requests, and which broker was asked. */
  readonly asked: string[] = [];
  readonly #answers: Record<string, Answer[]>;

  constructor(answers: Record<string, Answer[]>) {
    this.#answers = answers;
  }

  metadata(): never {
    throw new Error("nobody asks for topics");
  }

  connection(nodeId?: number): Promise<RequestChannel> {
    return Promise.resolve({
      usable: true,
      request: (request) => this.#answer(request, nodeId),
      drop: () => {},
    });
  }

  tryConnection(): undefined {}

  stop(): void {}

  #answer({ apiName }: KafkaRequest, nodeId: number | undefined): Promise<Uint8Array> {
    this.asked.push(`${apiName} ${nodeId ?? "any"}`);
    const answer = this.#answers[apiName]?.shift() ?? 0;
    if (answer === "lost") return Promise.reject(new Error("the connection is lost"));
    const writer = new WireWriter().int32(0);
    if (apiName === "InitProducerId") return Promise.resolve(writer.int16(answer).int64(5n).int16(1).bytes());
    if (apiName === "FindCoordinator") {
      return Promise.resolve(writer.int16(answer).string(null).int32(3).string("host").int32(9092).bytes());
    }
    if (apiName === "EndTxn") return Promise.resolve(writer.int16(answer).bytes());
    return Promise.resolve(writer.int32(1).string("t").int32(1).int32(0).int16(answer).bytes());
  }
}

function coordinatorOf(answers: Record<string, Answer[]>) {
  const cluster = new ScriptedCluster(answers);
  const stop = new AbortController();
  const report = new FailureReport(new RecordingLog(), ["b:9092"]);
  const backoff = { backoffInitMs: 10, backoffMaxMs: 20 };
  const context = { env: new ClockEnv(), backoff, report, signal: stop.signal };
  const id = { transactionalId: "me", transactionTimeoutMs: 60_000 };
  return { cluster, stop, coordinator: new TransactionCoordinator(cluster, id, context) };
}

const PLACES = [{ topic: "t", partition: 0 }];

Deno.test("what may pass is asked again: of the coordinator that is found anew where it has moved", async () => {
  const { cluster, coordinator } = coordinatorOf({
    FindCoordinator: [15],
    InitProducerId: [51, 51, 16, "lost"],
    AddPartitionsToTxn: [51, 14, "lost"],
    EndTxn: [15],
  });
  assertEquals(await coordinator.begin(), { producerId: 5n, epoch: 1 });
  await coordinator.addPartitions(PLACES);
  await coordinator.end(true);
  assertEquals(cluster.asked, [
    ...["FindCoordinator any", "FindCoordinator any", "InitProducerId 3", "InitProducerId 3", "InitProducerId 3"],
    ...["FindCoordinator any", "InitProducerId 3", "FindCoordinator any", "InitProducerId 3"],
    ...["AddPartitionsToTxn 3", "AddPartitionsToTxn 3", "FindCoordinator any", "AddPartitionsToTxn 3"],
    ...["FindCoordinator any", "AddPartitionsToTxn 3", "EndTxn 3", "FindCoordinator any", "EndTxn 3"],
  ]);
});

Deno.test("an epoch that is gone, and a transaction that is over, break it", async () => {
  for (const code of [47, 48, 49, 59, 90]) {
    const { coordinator } = coordinatorOf({ AddPartitionsToTxn: [code], EndTxn: [code] });
    await coordinator.begin();
    await assertRejects(() => coordinator.addPartitions(PLACES), TransactionBroken);
    await assertRejects(() => coordinator.end(true), TransactionBroken);
  }
});

Deno.test("a lost answer to the end of a transaction is not asked for again: it might end the next one", async () => {
  const { cluster, coordinator } = coordinatorOf({ EndTxn: ["lost"] });
  await coordinator.begin();
  await assertRejects(() => coordinator.end(true), TransactionBroken);
  assertEquals(cluster.asked.filter((name) => name.startsWith("EndTxn")), ["EndTxn 3"]);
});

Deno.test("nothing is asked any more when delivery stops", async () => {
  const { cluster, coordinator, stop } = coordinatorOf({});
  stop.abort();
  await assertRejects(() => coordinator.begin(), TransactionBroken, "delivery stops");
  assertEquals(cluster.asked, []);
});
