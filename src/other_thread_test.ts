import { assertEquals } from "@std/assert";
import { type MadeUpContainer, MadeUpNode } from "../tests/support/made_up_node.ts";
import { makeContainer } from "../tests/support/node_directory.ts";
import { numberedLines } from "../tests/support/numbered_lines.ts";
import { RecordingLog } from "../tests/support/recording_log.ts";
import { eventually } from "../tests/support/sluice.ts";
import { JoinedCheckpoint } from "./checkpoint/joined_checkpoint.ts";
import { type Checkpoint, CheckpointStore } from "./checkpoint/store.ts";
import type { AgentOptions } from "./core/agent_options.ts";
import type { Container } from "./core/container.ts";
import { makeDenoEnv } from "./core/deno_env.ts";
import { OtherThread } from "./other_thread.ts";
import { OtherThreads, type ThreadPort } from "./other_threads.ts";
import { shardOf } from "./source_shard.ts";
import type { MessageToThread } from "./thread_messages.ts";

const NAMES = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen"];
const THREADS = 3;
const PIPELINE = "inputs:\n  - Type: service_docker_stdout\nflushers:\n  - Type: flusher_stdout\n";

/** A thread that runs in this one; what is said is copied, as between threads. */
function openHere(): ThreadPort {
  const port: ThreadPort = { postMessage: (message) => hear(message), onMessage: () => {} };
  const thread = new OtherThread({ postMessage: (message) => port.onMessage(structuredClone(message)) });
  const hear = (message: MessageToThread) => thread.hear(structuredClone(message));
  queueMicrotask(() => port.onMessage({ kind: "listening" }));
  return port;
}

/** A node whose containers have written, and what the threads beside the main one make of it. */
class Scene implements Disposable {
  readonly node = new MadeUpNode();
  readonly log = new RecordingLog();
  readonly directory = Deno.makeTempDirSync({ prefix: "sluice-thread-" });
  readonly containers: readonly Container[];
  readonly #written: readonly MadeUpContainer[];
  stdout = "";

  constructor() {
    Deno.writeTextFileSync(`${this.directory}/p.yaml`, PIPELINE);
    this.#written = NAMES.map((name) => this.node.addContainer(name));
    this.containers = this.#written.map(({ path }, index) => {
      const logPath = path.slice(this.node.hostRoot.length);
      return { ...makeContainer([], []), id: NAMES[index], name: NAMES[index], logPath };
    });
  }

  /** So many more lines of each container. */
  write(from: number, to: number): void {
    for (const [index, name] of NAMES.entries()) this.#written[index].writeLines(numberedLines(name, from, to));
  }

  /** One life of the others, in which they are to print so many lines. @returns what each has printed, in order by container. */
  async live(lines: number): Promise<string[][]> {
    this.stdout = "";
    const writeStdout = (bytes: Uint8Array) => Promise.resolve(void (this.stdout += new TextDecoder().decode(bytes)));
    const env = { ...makeDenoEnv("10.0.0.1"), writeStdout };
    const store = new CheckpointStore(this.directory, env, this.log);
    const others = new OtherThreads(this.#start(store.load()), new JoinedCheckpoint(store), env, this.log, openHere);
    const stop = new AbortController();
    others.start(stop.signal);
    for (const container of this.containers) others.tell({ kind: "upsert", container });
    others.tell({ kind: "ready" });
    await eventually("everything is printed", () => this.#contents().length >= lines, 60_000);
    stop.abort();
    const printed = [1, 2].map((thread) => this.#contents().filter((content) => this.#threadOf(content) === thread));
    assertEquals(await Promise.all(others.ended), printed.map(({ length }) => length));
    return printed.map((contents) => contents.toSorted());
  }

  /** The lines that a thread is to print. */
  share(thread: number, from: number, to: number): string[] {
    const names = NAMES.filter((name) => this.#threadOf(name) === thread);
    return names.flatMap((name) => numberedLines(name, from, to)).toSorted();
  }

  #contents(): string[] {
    return [...this.stdout.matchAll(/"content","Value":"([^"]*)"/g)].map(([, content]) => content);
  }

  #threadOf(content: string): number {
    const { id, logPath } = this.containers.find(({ name }) => content.startsWith(name))!;
    return shardOf({ key: `${id}:${logPath}`, path: "", tags: [], start: "first" }, THREADS, this.node.hostRoot);
  }

  #start(checkpoint: Checkpoint) {
    const { hostRoot } = this.node;
    const options: AgentOptions = {
      configPath: `${this.directory}/p.yaml`,
      hostRoot,
      checkpointDirectory: this.directory,
      containerdSocket: undefined,
      containerdStateDirectory: undefined,
      dockerSocket: undefined,
      staticContainersFile: undefined,
      hostIp: "10.0.0.1",
      releaseAfterMs: 0,
      keepFree: { percent: 0 },
      cpuCoresMax: undefined,
      memoryBytesMax: undefined,
      threads: THREADS,
      logLevel: "info",
      printToStdout: false,
    };
    return { options, program: "", startedMs: 0, checkpoint, configFiles: new Map() };
  }

  [Symbol.dispose](): void {
    this.node[Symbol.dispose]();
    Deno.removeSync(this.directory, { recursive: true });
  }
}

Deno.test({
  name: "threads read their shares, print through the main one, and go on where the checkpoint is",
  // What a stop waits for at most is timed by timers that nobody stops: the process ends with it.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    using scene = new Scene();
    scene.write(0, 10);
    const others = () => [1, 2].map((thread) => scene.share(thread, 0, 10));
    assertEquals(others().every(({ length }) => length > 0), true, "both have something to read");
    const lines = others().flat().length;
    assertEquals(await scene.live(lines), others());
    scene.write(10, 15);
    assertEquals(await scene.live(lines / 2), [1, 2].map((thread) => scene.share(thread, 10, 15)));
    assertEquals(scene.log.lines.filter((line) => !line.startsWith("info: ")), []);
  },
});
