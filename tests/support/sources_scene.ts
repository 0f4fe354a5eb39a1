/**
 * A node that is a temporary directory, the containers on it, and pipelines that are built from configuration, read real files and
 * print, on a clock that tests move: everything between discovery and delivery.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { AgentSources } from "../../src/agent_sources.ts";
import { buildPipeline, type BuiltPipeline } from "../../src/build_pipeline.ts";
import { CheckpointStore } from "../../src/checkpoint/store.ts";
import { validateTexts } from "../../src/config/validate.ts";
import type { Container } from "../../src/core/container.ts";
import type { Files } from "../../src/core/env.ts";
import { DeadLetters } from "../../src/deliver/dead_letters.ts";
import { ProducerPool } from "../../src/deliver/kafka/producer_pool.ts";
import { compileKernel } from "../../src/kernel/kernel.ts";
import { plugins } from "../../src/plugins.ts";
import { SavedPositions } from "../../src/saved_positions.ts";
import { isFileThere } from "../../src/file_there.ts";
import { ClockEnv } from "./clock_env.ts";
import { WEB } from "./inputs.ts";
import { NodeDirectory } from "./node_directory.ts";
import { RecordingLog } from "./recording_log.ts";

/** Longer than a tailer's pauses and its patience with a replaced file together. */
const QUIET_MS = 15_000;
const module = compileKernel();

/** The clock of a scene; `sleep` aborts `stop` when its time has come. */
class SceneEnv extends ClockEnv {
  override readonly files: Files;
  /** What every call of the file system must survive; tests put something here that throws. */
  onLook: (path: string) => void = () => {};
  #stop = new AbortController();
  #stopAtMs = Infinity;

  constructor() {
    super();
    const { files } = new ClockEnv();
    const guarded = <Result>(look: (path: string) => Result) => (path: string): Result => {
      this.onLook(path);
      return look(path);
    };
    this.files = {
      ...files,
      tryOpen: guarded(files.tryOpen),
      tryOpenExactly: guarded(files.tryOpenExactly),
      tryStat: guarded(files.tryStat),
      tryLinkStat: guarded(files.tryLinkStat),
      tryReadLink: guarded(files.tryReadLink),
      list: guarded(files.list),
    };
  }

  override sleep(ms: number): Promise<void> {
    this.pass(ms);
    if (this.now() >= this.#stopAtMs) this.#stop.abort();
    return Promise.resolve();
  }

  /** @returns a signal that aborts in `ms`. */
  stopIn(ms: number): AbortSignal {
    this.#stop = new AbortController();
    this.#stopAtMs = this.now() + ms;
    return this.#stop.signal;
  }
}

/** The world of one pipeline: the scene's clock and files, its own standard output. */
class PipelineEnv extends ClockEnv {
  override readonly files: Files;
  override readonly now: () => number;
  readonly #scene: SceneEnv;
  #stop = new AbortController();
  #seen = 0;
  #quietSinceMs = 0;

  constructor(scene: SceneEnv) {
    super();
    this.#scene = scene;
    this.files = scene.files;
    this.now = scene.now;
  }

  override pass(ms: number): void {
    this.#scene.pass(ms);
  }

  override sleep(ms: number): Promise<void> {
    if (this.stdout.length !== this.#seen) this.#quietSinceMs = this.now();
    this.#seen = this.stdout.length;
    if (this.now() - this.#quietSinceMs > QUIET_MS) this.#stop.abort();
    this.pass(ms);
    return Promise.resolve();
  }

  /** @returns a signal that aborts when nothing has been printed for a while. */
  untilQuiet(): AbortSignal {
    this.#stop = new AbortController();
    this.#quietSinceMs = this.now();
    return this.#stop.signal;
  }
}

/** One life of the agent. */
interface Life {
  readonly built: readonly BuiltPipeline[];
  readonly saved: SavedPositions;
  readonly sources: AgentSources;
  readonly envs: readonly PipelineEnv[];
}

/** The agent between discovery and delivery. */
export class SourcesScene implements Disposable {
  readonly node = new NodeDirectory();
  readonly env = new SceneEnv();
  readonly log = new RecordingLog();
  readonly #configs: Readonly<Record<string, string>>;
  readonly #store = new CheckpointStore(`${this.node.path}/checkpoint`, this.env, this.log);
  #life: Life;

  /** @param configs the `inputs` of each pipeline, by its name; `HOST` in it stands for the node's directory. */
  constructor(configs: Readonly<Record<string, string>>) {
    this.#configs = configs;
    this.#life = this.#begin();
  }

  get sources(): AgentSources {
    return this.#life.sources;
  }

  get saved(): SavedPositions {
    return this.#life.saved;
  }

  /** The pipelines, in the order of `configs`. */
  get built(): readonly BuiltPipeline[] {
    return this.#life.built;
  }

  /** A container whose root file system is `/root` of the node, and which writes no output. */
  container(more: Partial<Container> = {}): Container {
    return { ...WEB, logPath: "", rootPaths: ["/root"], ...more };
  }

  write(path: string, text: string): void {
    this.node.file(path, text);
    this.#stamp(path, dirname(path));
  }

  append(path: string, text: string): void {
    Deno.writeTextFileSync(this.node.path + path, text, { append: true });
    this.#stamp(path, dirname(path));
  }

  rename(from: string, to: string): void {
    Deno.renameSync(this.node.path + from, this.node.path + to);
    this.#stamp(dirname(from), dirname(to));
  }

  remove(path: string): void {
    Deno.removeSync(this.node.path + path);
    this.#stamp(dirname(path));
  }

  /** Looks for files for `ms`, and holds open what is not read. */
  async look(ms = 3000): Promise<void> {
    for (const { pipeline } of this.built) pipeline.unread.hold();
    await this.sources.run(this.env.stopIn(ms));
    for (const { pipeline } of this.built) pipeline.unread.hold();
  }

  /** Reads what there is. @returns the contents by pipeline, since the last call. */
  async read(): Promise<Record<string, string[]>> {
    const { built, envs, saved } = this.#life;
    const printed: Record<string, string[]> = {};
    for (const [index, { name, pipeline }] of built.entries()) {
      const env = envs[index];
      env.stdout = "";
      await pipeline.run(env.untilQuiet());
      const lines = contentsOf(env.stdout);
      if (lines.length > 0) printed[name] = lines;
    }
    await saved.saveChanges();
    return printed;
  }

  /** Looks and reads until there is nothing more. @returns the contents by pipeline. */
  async settle(): Promise<Record<string, string[]>> {
    const printed: Record<string, string[]> = {};
    // What one pipeline lets go of in the first quiet round is another one's in the second.
    for (let quietRounds = 0; quietRounds < 2;) {
      await this.look();
      const read = await this.read();
      quietRounds = Object.keys(read).length > 0 ? 0 : quietRounds + 1;
      for (const [name, lines] of Object.entries(read)) (printed[name] ??= []).push(...lines);
    }
    return printed;
  }

  /** The agent stops, as it does when it is told to, or is killed, and begins anew. */
  async restart(isKilled = false): Promise<void> {
    if (!isKilled) await this.saved.saveChanges();
    this.#stop();
    this.#life = this.#begin();
  }

  [Symbol.dispose](): void {
    this.#stop();
    this.node[Symbol.dispose]();
  }

  /** What is changed is changed at the scene's time: by it the search tells which directories may have changed since. */
  #stamp(...paths: string[]): void {
    const seconds = this.env.now() / 1000;
    for (const path of paths) Deno.utimeSync(this.node.path + path, seconds, seconds);
  }

  #stop(): void {
    for (const { pipeline } of this.built) void pipeline.stop(0);
  }

  #begin(): Life {
    const { env, log, node } = this;
    const texts = Object.entries(this.#configs).map(([name, inputs]) => ({
      path: `${name}.yaml`,
      name,
      text: `inputs:\n${inputs.replaceAll("HOST", node.path)}\nflushers: [{Type: flusher_stdout}]\n`,
    }));
    const { pipelines, problems } = validateTexts(texts, plugins);
    assertEquals(problems.filter(({ severity }) => severity === "error"), []);
    const envs = pipelines.map(() => new PipelineEnv(env));
    const built = pipelines.map((config, index) => {
      const producers = new ProducerPool(env, log);
      const deadLetters = new DeadLetters(node.path, env, log);
      const shared = { module, producers, deadLetters, log, hostRoot: node.path };
      return buildPipeline(config, { ...shared, env: envs[index], printToStdout: true });
    });
    const isThere = (key: string) => isFileThere(key, node.path, env.files);
    const saved = new SavedPositions(this.#store, built.map(({ pipeline }) => pipeline), env, isThere, env.now());
    return { built, saved, sources: new AgentSources(built, saved, 120_000, env, log), envs };
  }
}

function contentsOf(stdout: string): string[] {
  return stdout.split("\n").filter((line) => line !== "").map((line) => {
    const { Contents }: { Contents: { Key: string; Value: string }[] } = JSON.parse(line);
    return Contents.find(({ Key }) => Key === "content")?.Value ?? "";
  });
}
