/**
 * A scene with many containers: a node whose runtime names them, an agent that reads them all, and a topic in which every line must
 * arrive once and in order.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { CriNode, type RuntimeKind } from "./cri_node.ts";
import { pipelineOfAll } from "./field_scene.ts";
import type { TestKafka } from "./kafka.ts";
import { Arrivals } from "./numbered_lines.ts";
import { openFiles, processorMs, residentBytes, watches } from "./process_figures.ts";
import { TestSluice } from "./sluice.ts";

/** How long a finished scene waits for lines that must not come. */
const AFTERWARDS_MS = 1500;

/** What the agent's process costs. */
export interface Figures {
  readonly residentMegabytes: number;
  readonly openFiles: number;
  readonly watches: number;
  readonly processorMs: number;
}

/** Dispose of it with `await using`. */
export class CriScene implements AsyncDisposable {
  readonly node: CriNode;
  readonly sluice: TestSluice;
  readonly arrivals: Arrivals;

  private constructor(node: CriNode, sluice: TestSluice, arrivals: Arrivals) {
    this.node = node;
    this.sluice = sluice;
    this.arrivals = arrivals;
  }

  /** The runtime answers, the agent does not run yet. */
  static async prepare(kafka: TestKafka, topic: string, kind: RuntimeKind): Promise<CriScene> {
    await kafka.createTopic(topic);
    const node = await CriNode.start(kind);
    const { hostRoot, containerdSocket } = node;
    const pipelines = { "all.yaml": pipelineOfAll(kafka.brokers, topic) };
    const sluice = await TestSluice.prepare({ hostRoot, containerdSocket, pipelines });
    return new CriScene(node, sluice, await Arrivals.follow(kafka.port, topic));
  }

  /** What the agent costs now. */
  figures(): Figures {
    const { pid } = this.sluice;
    return {
      residentMegabytes: Math.round(residentBytes(pid) / 1e6),
      openFiles: openFiles(pid),
      watches: watches(pid),
      processorMs: processorMs(pid),
    };
  }

  /** Waits a moment for what must not come; ends the agent and checks that so many lines of each writer have come. */
  async finish(counts: Readonly<Record<string, number>>): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
    assertEquals(await this.sluice.stop(), 0);
    await this.arrivals.readOn();
    this.arrivals.check(counts);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.arrivals[Symbol.dispose]();
    await this.sluice[Symbol.asyncDispose]();
    await this.node[Symbol.asyncDispose]();
  }
}
