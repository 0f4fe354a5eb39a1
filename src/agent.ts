/**
 * The agent: configuration → pipelines, containers → sources, signals → a clean stop. Starts from the back (flushers) to the front
 * (discovery) and stops the other way round.
 *
 * @module
 */
import { CheckpointStore } from "./checkpoint/store.ts";
import { buildInputs, buildPipeline, type BuiltPipeline } from "./build_pipeline.ts";
import { listContainers } from "./cli/containers.ts";
import { SLUICE_VERSION } from "./cli/version.ts";
import { formatProblem } from "./config/problem.ts";
import { type LoadedPipelines, loadPipelines } from "./config/validate.ts";
import type { AgentOptions } from "./core/agent_options.ts";
import type { Container, Discoverer } from "./core/container.ts";
import { makeDenoEnv } from "./core/deno_env.ts";
import type { Env } from "./core/env.ts";
import type { Log } from "./core/log.ts";
import { DeadLetters } from "./deliver/dead_letters.ts";
import { ProducerPool } from "./deliver/kafka/producer_pool.ts";
import { CriDiscoverer } from "./discover/cri.ts";
import { mergeDiscoverers } from "./discover/merge.ts";
import { runtimeSocketPaths } from "./discover/socket_paths.ts";
import { StaticFileDiscoverer } from "./discover/static_file.ts";
import { compileKernel } from "./kernel/kernel.ts";
import { createLog } from "./observe/log.ts";
import type { MakeDecoder } from "./pipeline.ts";
import { plugins } from "./plugins.ts";
import { SavedPositions } from "./saved_positions.ts";

const EXIT_CONFIGURATION = 2;
/** How long a stop waits for what is in flight. */
const STOP_MS_MAX = 10_000;
/** How long a container must have been away before its sources are ended. */
const GONE_AFTER_MS = 10_000;
/** How long abandoned requests may take to let go. */
const LET_GO_MS = 500;
/** A crash repeats what was settled since the last checkpoint, so checkpoints are frequent while they are cheap. */
const CHECKPOINT_INTERVAL_MS_MIN = 100;
/** The share of the time that checkpoints may take is one in this many. */
const CHECKPOINT_SHARE = 50;

/** Collects until `signal` aborts. Returns the process's exit code. */
export async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<number> {
  const env = makeDenoEnv(options.hostIp);
  const log = createLog(options.logLevel, env);
  const loaded = loadPipelines(options.configPath, plugins, env.files);
  reportProblems(loaded, log);
  if (loaded.pipelines.length === 0) {
    log.error(`No pipeline in ${options.configPath} can run; "sluice check ${options.configPath}" says why`);
    return EXIT_CONFIGURATION;
  }
  const agent = new Agent(loaded, options, env, log);
  await agent.run(signal);
  return 0;
}

/** Lists the containers that can be seen now, and which pipelines take them. */
export async function showContainers(
  options: AgentOptions,
  output: { readonly why: boolean; readonly json: boolean },
): Promise<string> {
  const env = makeDenoEnv(options.hostIp);
  const log = createLog("warn", env);
  const loaded = loadPipelines(options.configPath, plugins, env.files);
  reportProblems(loaded, log);
  const takers = loaded.pipelines.flatMap((config) =>
    buildInputs(config, options.hostRoot, env).map((input) => ({ name: config.name, decide: input.decide.bind(input) }))
  );
  const stop = new AbortController();
  const containers = new Map<string, Container>();
  for await (const event of mergeDiscoverers(makeDiscoverers(options, env, log), env, log, stop.signal)) {
    if (event.kind === "ready") break;
    if (event.kind === "upsert") containers.set(event.container.id, event.container);
  }
  stop.abort();
  return listContainers([...containers.values()], takers, output);
}

function reportProblems(loaded: LoadedPipelines, log: Log): void {
  for (const problem of loaded.problems) {
    const line = formatProblem(problem);
    if (problem.severity === "error") log.error(line);
    else log.warn(line);
  }
  for (const name of loaded.disabled) log.info(`Pipeline ${name} is disabled`);
}

function makeDiscoverers(options: AgentOptions, env: Env, log: Log): Discoverer[] {
  const { hostRoot, staticContainersFile, containerdSocket } = options;
  if (staticContainersFile !== undefined) return [new StaticFileDiscoverer({ path: staticContainersFile, env, log })];
  const socketPaths = runtimeSocketPaths(hostRoot, containerdSocket ?? "");
  return [new CriDiscoverer({ socketPaths, env, log, hostRoot })];
}

/** The running agent. */
class Agent {
  readonly #options: AgentOptions;
  readonly #env: Env;
  readonly #log: Log;
  readonly #producers: ProducerPool;
  readonly #built: readonly BuiltPipeline[];
  readonly #saved: SavedPositions;
  /** Ids of the containers that discovery knows. */
  readonly #present = new Set<string>();

  constructor(loaded: LoadedPipelines, options: AgentOptions, env: Env, log: Log) {
    this.#options = options;
    this.#env = env;
    this.#log = log;
    this.#producers = new ProducerPool(env, log);
    const { hostRoot, checkpointDirectory, printToStdout } = options;
    const deadLetters = new DeadLetters(checkpointDirectory, env, log);
    const shared = { producers: this.#producers, deadLetters, env, log };
    const context = { ...shared, module: compileKernel(), hostRoot, printToStdout };
    this.#built = loaded.pipelines.map((config) => buildPipeline(config, context));
    // Printed records are not delivered: trying a pipeline out must not move where delivery goes on.
    const store = printToStdout ? undefined : new CheckpointStore(checkpointDirectory, env, log);
    this.#saved = new SavedPositions(store, this.#built.map(({ pipeline }) => pipeline), env);
    log.info(`Sluice ${SLUICE_VERSION} runs ${this.#built.map(({ name }) => name).join(", ")}`);
  }

  async run(signal: AbortSignal): Promise<void> {
    const running = this.#built.map(({ pipeline }) => pipeline.run(signal));
    const saving = this.#saveOften(signal);
    await this.#discover(signal);
    await saving;
    await this.#stop(Promise.all(running));
  }

  async #discover(signal: AbortSignal): Promise<void> {
    const discoverers = makeDiscoverers(this.#options, this.#env, this.#log);
    for await (const event of mergeDiscoverers(discoverers, this.#env, this.#log, signal)) {
      if (event.kind === "upsert") this.#add(event.container);
      else if (event.kind === "remove") void this.#remove(event.id, signal);
      else this.#saved.prune((key) => this.#env.files.tryStat(this.#pathOf(key)) !== undefined);
    }
  }

  #add(container: Container): void {
    this.#present.add(container.id);
    for (const { inputs, pipeline } of this.#built) {
      for (const input of inputs) {
        if (!input.decide(container).matches) continue;
        const source = input.source(container);
        if (pipeline.has(source.key)) continue;
        const position = this.#saved.claim(pipeline, source.key);
        const from = position === undefined ? "" : ` from byte ${position.offset}`;
        this.#log.info(`${pipeline.name} reads ${nameOf(container)}: ${source.path}${from}`);
        const makeDecoder: MakeDecoder = (kernel, counts) => input.decoder(kernel, source, counts);
        pipeline.add({ source, start: input.start, position, makeDecoder });
      }
    }
  }

  /** A runtime that restarts may forget a container for a moment: only one that stays away is gone. */
  async #remove(containerId: string, signal: AbortSignal): Promise<void> {
    this.#present.delete(containerId);
    await this.#env.sleep(GONE_AFTER_MS, signal);
    if (signal.aborted || this.#present.has(containerId)) return;
    for (const { pipeline } of this.#built) pipeline.finishContainer(containerId);
  }

  /** The log path is in the key; see `inputs/service_docker_stdout.ts`. */
  #pathOf(sourceKey: string): string {
    return this.#options.hostRoot + sourceKey.slice(sourceKey.indexOf(":") + 1);
  }

  async #saveOften(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const busyMs = await this.#saved.saveChanges();
      await this.#env.sleep(Math.max(CHECKPOINT_INTERVAL_MS_MIN, busyMs * CHECKPOINT_SHARE), signal);
    }
  }

  /** Reading has been told to stop: delivers what is in flight, saves, says what was done. */
  async #stop(reading: Promise<unknown>): Promise<void> {
    const stopAtMs = this.#env.now() + STOP_MS_MAX;
    const left = () => Math.max(0, stopAtMs - this.#env.now());
    await Promise.race([reading, this.#env.sleep(left())]);
    await Promise.all(this.#built.map(({ pipeline }) => pipeline.stop(left())));
    await this.#producers.stop(left());
    await this.#saved.saveChanges();
    await Promise.race([reading, this.#env.sleep(LET_GO_MS)]);
    const flushers = this.#built.flatMap(({ pipeline }) => pipeline.flushers);
    const records = flushers.reduce((sum, { counts }) => sum + counts.records, 0);
    this.#log.info(`Stopped: ${records} records delivered`);
  }
}

function nameOf({ pod, name }: Container): string {
  return pod === undefined ? name : `${pod.namespace}/${pod.name}/${name}`;
}
