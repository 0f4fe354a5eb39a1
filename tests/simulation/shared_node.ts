/**
 * A node with one container and any number of agents that deliver its log exactly once, to a cluster that does what it is told.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { validateTexts } from "../../src/config/validate.ts";
import { compileKernel } from "../../src/kernel/kernel.ts";
import { plugins } from "../../src/plugins.ts";
import { Random } from "../support/random.ts";
import type { RecordingLog } from "../support/recording_log.ts";
import { Deliveries } from "./deliveries.ts";
import { SimulatedAgent } from "./simulated_agent.ts";
import { SimulatedCluster } from "./simulated_cluster.ts";
import { type PlacedLine, SimulatedContainer } from "./simulated_container.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { VirtualClock } from "./virtual_clock.ts";
import { BATCH_BYTES_MAX } from "./world_plan.ts";

const module = compileKernel();
const TEXT = `inputs:
  - Type: service_docker_stdout
    IncludeK8sLabel: {app: g}
    MaxLogSize: 4096
flushers:
  - Type: flusher_kafka_v2
    Brokers: ["broker-0:9092"]
    Topic: lines
    MaxMessageBytes: ${BATCH_BYTES_MAX}
    Timeout: 3s
    Delivery: exactly_once
    TransactionTimeout: 5s
`;

/** The node, its cluster and its clock. */
export class SharedNode {
  readonly clock = new VirtualClock();
  readonly problems: string[] = [];
  readonly random: Random;
  readonly cluster: SimulatedCluster;
  readonly container: SimulatedContainer;
  readonly deliveries: Deliveries;
  readonly disk = new SimulatedDisk(this.clock.now);
  #agents = 0;

  /** @param batchBytesMax the largest record batch that the topic takes. */
  constructor(seed: number, batchBytesMax = 1_000_000) {
    this.random = new Random(seed);
    const complain = (problem: string) => this.problems.push(problem);
    // The halves of a batch that is too large for a topic go out behind those that were on their way with it.
    const isOrdered = batchBytesMax > BATCH_BYTES_MAX;
    const options = { isSinglePartition: true, isOrdered, isExactlyOnce: true };
    this.deliveries = new Deliveries(options, complain);
    const plan = { brokerCount: 2, partitionCount: 1, topics: ["lines"], faultChance: 0, forgetsProducers: false };
    this.cluster = new SimulatedCluster(
      { ...plan, refusesUnknown: false, batchBytesMax },
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
    this.container = new SimulatedContainer(container, this.disk, this.random, this.clock.now);
  }

  start(log: RecordingLog): SimulatedAgent {
    const { pipelines, problems } = validateTexts([{ path: "p.yaml", name: "p", text: TEXT }], plugins);
    assertEquals(problems, []);
    const complain = (problem: string) => this.problems.push(problem);
    const { cluster, clock, random } = this;
    const agent = new SimulatedAgent(++this.#agents, {
      module,
      configs: pipelines,
      disk: this.disk,
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

  /** Lines that were written and have not come. */
  get missing(): readonly PlacedLine[] {
    return this.container.lines.filter((line) => !this.deliveries.isDone(line));
  }

  /** Writes for a while. */
  async run(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      this.container.write();
      await this.clock.run(50);
    }
  }
}
