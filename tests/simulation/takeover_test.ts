/**
 * Two agents under one transactional id at the same time: the one that started last delivers, the other says so, and no line comes twice.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { validateTexts } from "../../src/config/validate.ts";
import { compileKernel } from "../../src/kernel/kernel.ts";
import { plugins } from "../../src/plugins.ts";
import { Random } from "../support/random.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { Deliveries } from "./deliveries.ts";
import { SimulatedAgent } from "./simulated_agent.ts";
import { SimulatedCluster } from "./simulated_cluster.ts";
import { SimulatedContainer } from "./simulated_container.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { VirtualClock } from "./virtual_clock.ts";

const module = compileKernel();
const TEXT = `inputs:
  - Type: service_docker_stdout
    IncludeK8sLabel: {app: g}
    MaxLogSize: 4096
flushers:
  - Type: flusher_kafka_v2
    Brokers: ["broker-0:9092"]
    Topic: lines
    Delivery: exactly_once
`;

/** A node on which two agents can run at once. */
class SharedNode {
  readonly clock = new VirtualClock();
  readonly problems: string[] = [];
  readonly random: Random;
  readonly cluster: SimulatedCluster;
  readonly container: SimulatedContainer;
  readonly deliveries: Deliveries;
  readonly #disk = new SimulatedDisk(this.clock.now);
  #agents = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    const complain = (problem: string) => this.problems.push(problem);
    const options = { isSinglePartition: true, isOrdered: true, isExactlyOnce: true };
    this.deliveries = new Deliveries(options, complain);
    const plan = { brokerCount: 2, partitionCount: 1, topics: ["lines"], faultChance: 0, forgetsProducers: false };
    this.cluster = new SimulatedCluster(
      { ...plan, refusesUnknown: false, batchBytesMax: 1_000_000 },
      this.clock,
      this.random,
      {
        committed: (partition, batch) => partition.topic === "lines" && this.deliveries.add(partition, batch),
        promised: () => {},
        complain,
        trace: () => {},
      },
    );
    const container = { id: "c0", group: "g", createdMs: this.clock.now(), writesParts: true, rotationCuts: true };
    this.container = new SimulatedContainer(
      { ...container, interleaves: true },
      this.#disk,
      this.random,
      this.clock.now,
    );
  }

  start(log: RecordingLog): SimulatedAgent {
    const { pipelines, problems } = validateTexts([{ path: "p.yaml", name: "p", text: TEXT }], plugins);
    assertEquals(problems, []);
    const complain = (problem: string) => this.problems.push(problem);
    const { cluster, clock, random } = this;
    const agent = new SimulatedAgent(++this.#agents, {
      module,
      configs: pipelines,
      disk: this.#disk,
      network: { cluster, clock, random, latencyMsMax: 5, complain },
      random,
      weather: {
        beforeLook: () => {},
        lookFails: () => false,
        writeFault: () => "none",
        syncMs: () => 0,
        replaced: () => {},
      },
      log,
      failed: (error) => complain(`an agent failed: ${error}`),
    });
    agent.upsert(this.container.description);
    return agent;
  }

  /** Writes for a while. */
  async run(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      this.container.write();
      await this.clock.run(50);
    }
  }
}

Deno.test("the agent that started last delivers, the other says that it does no more, and no line comes twice", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const node = new SharedNode(seed);
    const [before, after] = [new RecordingLog(), new RecordingLog()];
    const first = node.start(before);
    await node.run(10_000);
    assert(node.deliveries.hasArrived("c0", 1), "the first agent delivers");
    const second = node.start(after);
    await node.run(10_000);
    node.container.finishLines();
    await node.clock.run(60_000);
    const isSaid = (log: RecordingLog) => log.lines.some((line) => line.includes("delivers no more"));
    assertEquals([isSaid(before), isSaid(after)], [true, false], `seed ${seed}`);
    assert(node.deliveries.hasArrived("c0", 2), "the second agent delivers");
    assertEquals(node.container.lines.filter((line) => !node.deliveries.isDone(line)), [], `seed ${seed}`);
    assertEquals(node.problems, [], `seed ${seed}`);
    for (const agent of [first, second]) agent.kill();
  }
});
