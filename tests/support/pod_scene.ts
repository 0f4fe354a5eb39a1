/**
 * A scene for the failures of the field that are about the life of pods: real pods whose containers print numbered lines, an agent
 * that reads those with a label, and a topic in which every line must arrive once and in order.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { TestContainerd, TestPod } from "./containerd.ts";
import type { TestKafka } from "./kafka.ts";
import { pipelineText } from "./made_up_node.ts";
import { Arrivals } from "./numbered_lines.ts";
import { eventually, TestSluice } from "./sluice.ts";

/** How long a finished scene waits for lines that must not come. */
const AFTERWARDS_MS = 1500;
const BURST_LINES = 100;
const PADDING = "0123456789".repeat(8);

/** A command that prints lines `from` to `to`, exclusively, of about 100 bytes each; see `numbered_lines.ts`. */
export function printLines(writer: string, from: number, to: number): string {
  return `awk 'BEGIN { for (n = ${from}; n < ${to}; n++) print "${writer}", n, "${PADDING}" }'`;
}

/** A command that prints numbered lines in bursts until it is killed. A burst is one write: none is cut. */
export function printOn(writer: string): string {
  const last = `(i + 1) * ${BURST_LINES}`;
  const burst = `awk -v i=$i 'BEGIN { for (n = i * ${BURST_LINES}; n < ${last}; n++) print "${writer}", n }'`;
  return `i=0; while true; do ${burst}; i=$((i + 1)); sleep 0.05; done`;
}

/** Dispose of it with `await using`; the pods are the containerd's. */
export class PodScene implements AsyncDisposable {
  readonly sluice: TestSluice;
  readonly arrivals: Arrivals;
  readonly #containerd: TestContainerd;
  readonly #label: string;
  /** Numbers of lines by writer. */
  readonly #counts: Record<string, number> = {};

  private constructor(containerd: TestContainerd, label: string, sluice: TestSluice, arrivals: Arrivals) {
    this.#containerd = containerd;
    this.#label = label;
    this.sluice = sluice;
    this.arrivals = arrivals;
  }

  /**
   * Nothing runs yet.
   *
   * @param label the value of the pods' label `app`, and the topic's name.
   * @param makePipeline what is collected of them; by default their standard output.
   */
  static async prepare(
    kafka: TestKafka,
    containerd: TestContainerd,
    label: string,
    makePipeline = pipelineText,
  ): Promise<PodScene> {
    await kafka.createTopic(label);
    const pipelines = { "pods.yaml": makePipeline(label, kafka.brokers, label) };
    const sluice = await TestSluice.prepare({ pipelines, containerdSocket: containerd.socketPath });
    return new PodScene(containerd, label, sluice, await Arrivals.follow(kafka.port, label));
  }

  /** Runs a pod with one container `main`. @param directory of the node, which the container sees as `/shared`. */
  runPod(name: string, script: string, directory?: string): Promise<TestPod> {
    const mounts = directory === undefined ? [] : [{ hostPath: directory, containerPath: "/shared" }];
    return this.#containerd.runPod({
      name,
      namespace: "default",
      labels: { app: this.#label },
      containers: [{ name: "main", command: ["/bin/sh", "-c", script], mounts }],
    });
  }

  /** Waits until this many lines of each of these writers have come. */
  async untilCame(lines: number, writers: readonly string[]): Promise<void> {
    await eventually(`${lines} lines of each of ${writers.join(", ")}`, async () => {
      await this.arrivals.readOn();
      return writers.every((writer) => this.arrivals.count(writer) >= lines);
    });
  }

  /** So many lines of this writer must come in all. */
  expect(writer: string, lines: number): void {
    this.#counts[writer] = lines;
  }

  /** Waits until all has come, and a moment for what must not come; ends the agent and checks. */
  async finish(): Promise<void> {
    await this.arrivals.untilTotal(Object.values(this.#counts).reduce((sum, count) => sum + count, 0));
    await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
    assertEquals(await this.sluice.stop(), 0);
    await this.arrivals.readOn();
    this.arrivals.check(this.#counts);
  }

  /** Checks that every line of a writer names the pod that it came from. */
  checkTags(writer: string, pod: TestPod): void {
    const tags = this.arrivals.tags(writer);
    assertEquals(tags.length, 1, `tags of ${writer}: ${tags.join(" and ")}`);
    const expected = { _container_name_: "main", _pod_name_: pod.name, _namespace_: "default", _pod_uid_: pod.uid };
    for (const [Key, Value] of Object.entries(expected)) assertStringIncludes(tags[0], JSON.stringify({ Key, Value }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.arrivals[Symbol.dispose]();
    await this.sluice[Symbol.asyncDispose]();
  }
}

/** Number of lines that the runtime has written for a pod's container `main`. */
export function loggedLines(pod: TestPod): number {
  return linesOf(pod.logPath("main"));
}

/** Number of lines of a file. */
export function linesOf(path: string): number {
  return Deno.readTextFileSync(path).split("\n").length - 1;
}
