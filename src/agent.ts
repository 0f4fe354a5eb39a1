/**
 * The agent: configuration → pipelines, containers → sources, signals → a clean stop. Starts from the back (flushers) to the front
 * (discovery) and stops the other way round.
 *
 * @module
 */
import { AgentSources } from "./agent_sources.ts";
import { CheckpointStore } from "./checkpoint/store.ts";
import { buildInputs, buildPipeline, type BuiltPipeline, writtenDirectories } from "./build_pipeline.ts";
import { listContainers } from "./cli/containers.ts";
import { SLUICE_VERSION } from "./cli/version.ts";
import { formatProblem } from "./config/problem.ts";
import { type LoadedPipelines, loadPipelines } from "./config/validate.ts";
import type { AgentOptions } from "./core/agent_options.ts";
import type { Container, Discoverer } from "./core/container.ts";
import { makeDenoEnv } from "./core/deno_env.ts";
import type { Env } from "./core/env.ts";
import type { Log } from "./core/log.ts";
import { msToWholeSecond } from "./core/pace.ts";
import { DeadLetters } from "./deliver/dead_letters.ts";
import { ProducerPool } from "./deliver/kafka/producer_pool.ts";
import { CriDiscoverer } from "./discover/cri.ts";
import { mergeDiscoverers } from "./discover/merge.ts";
import { DockerDiscoverer } from "./discover/docker.ts";
import { dockerSocketPaths, runtimeSocketPaths } from "./discover/socket_paths.ts";
import { StaticFileDiscoverer } from "./discover/static_file.ts";
import { compileKernel } from "./kernel/kernel.ts";
import { createLog } from "./observe/log.ts";
import { plugins } from "./plugins.ts";
import { isFileThere, SavedPositions } from "./saved_positions.ts";
import { giveBackSpareMemory } from "./spare_memory.ts";
import { UnreadFiles } from "./unread_files.ts";

const EXIT_CONFIGURATION = 2;
/** How long a stop waits for what is in flight. */
const STOP_MS_MAX = 10_000;
const NOBODY_ANSWERS = "No container runtime answers: no container is seen until one does. " +
  "--containerd-socket and --docker-socket say where their sockets are";
/** How often it is looked whether files still exist that were read before. */
const PRUNE_INTERVAL_MS = 60_000;
/** How long abandoned requests may take to let go. */
const LET_GO_MS = 500;
/** A crash repeats what was settled since the last checkpoint, so checkpoints are frequent while they are cheap. */
const CHECKPOINT_INTERVAL_MS_MIN = 100;
/** How often it is looked whether sources have ended, while nothing is to be saved. */
const CHECKPOINT_INTERVAL_MS_MAX = 1000;
/** The share of the time that checkpoints may take is one in this many. */
const CHECKPOINT_SHARE = 50;

/**
 * Collects until `signal` aborts. Returns the process's exit code.
 *
 * @param narrow called before anything runs, with the directories that pipelines write to: no other permission is needed from then on.
 */
export async function runAgent(
  options: AgentOptions,
  signal: AbortSignal,
  narrow: (writtenDirectories: readonly string[]) => Promise<void>,
): Promise<number> {
  const env = makeDenoEnv(options.hostIp);
  const log = createLog(options.logLevel, env);
  const loaded = loadPipelines(options.configPath, plugins, env.files, env.tryVariable);
  reportProblems(loaded, log);
  if (loaded.pipelines.length === 0) {
    log.error(`No pipeline in ${options.configPath} can run; "sluice check ${options.configPath}" says why`);
    return EXIT_CONFIGURATION;
  }
  await narrow(loaded.pipelines.flatMap(writtenDirectories));
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
  const loaded = loadPipelines(options.configPath, plugins, env.files, env.tryVariable);
  reportProblems(loaded, log);
  const takers = loaded.pipelines.flatMap((config) =>
    buildInputs(config, { hostRoot: options.hostRoot, env, log, startedMs: env.now() }).map((input) => ({
      name: config.name,
      decide: input.decide.bind(input),
      tryProblem: (container: Container) => input.tryProblem?.(container),
    }))
  );
  const stop = new AbortController();
  const containers = new Map<string, Container>();
  const { discoverers, isAnswered } = makeDiscovery(options, env, log);
  for await (const event of mergeDiscoverers(discoverers, env, log, stop.signal)) {
    if (event.kind === "ready") break;
    if (event.kind === "upsert") containers.set(event.container.id, event.container);
  }
  if (!isAnswered()) log.warn(NOBODY_ANSWERS);
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

/** Who tells of containers, and whether any of them has heard of a runtime. */
interface Discovery {
  readonly discoverers: readonly Discoverer[];
  isAnswered(): boolean;
}

function makeDiscovery(options: AgentOptions, env: Env, log: Log): Discovery {
  const { hostRoot, staticContainersFile, containerdSocket, containerdStateDirectory, dockerSocket } = options;
  if (staticContainersFile !== undefined) {
    const discoverers = [new StaticFileDiscoverer({ path: staticContainersFile, env, log })];
    return { discoverers, isAnswered: () => true };
  }
  const shared = { env, log, hostRoot };
  const runtimes = [
    new CriDiscoverer({
      ...shared,
      socketPaths: runtimeSocketPaths(hostRoot, containerdSocket ?? ""),
      stateDirectory: containerdStateDirectory,
    }),
    new DockerDiscoverer({ ...shared, socketPaths: dockerSocketPaths(hostRoot, dockerSocket ?? "") }),
  ];
  return { discoverers: runtimes, isAnswered: () => runtimes.some(({ isAnswering }) => isAnswering) };
}

/** The running agent. */
class Agent {
  readonly #options: AgentOptions;
  readonly #env: Env;
  readonly #log: Log;
  readonly #producers: ProducerPool;
  readonly #built: readonly BuiltPipeline[];
  readonly #saved: SavedPositions;
  readonly #sources: AgentSources;
  readonly #unread: UnreadFiles;
  #isReady = false;

  constructor(loaded: LoadedPipelines, options: AgentOptions, env: Env, log: Log) {
    this.#options = options;
    this.#env = env;
    this.#log = log;
    this.#producers = new ProducerPool(env, log);
    const { hostRoot, checkpointDirectory, printToStdout } = options;
    const deadLetters = new DeadLetters(checkpointDirectory, env, log);
    const shared = { producers: this.#producers, deadLetters, env, log };
    const context = { ...shared, module: compileKernel(), hostRoot, printToStdout, startedMs: env.now() };
    this.#built = loaded.pipelines.map((config) => buildPipeline(config, context));
    // Printed records are not delivered: trying a pipeline out must not move where delivery goes on.
    const store = printToStdout ? undefined : new CheckpointStore(checkpointDirectory, env, log);
    const isThere = (key: string) => isFileThere(key, hostRoot, env.files);
    this.#saved = new SavedPositions(store, this.#built.map(({ pipeline }) => pipeline), env, isThere);
    for (const { pipeline, left } of this.#built) left.onAdd = (file) => this.#saved.keepLeft(pipeline, file);
    this.#sources = new AgentSources(this.#built, this.#saved, options.releaseAfterMs, env, log);
    const pipelines = this.#built.map(({ pipeline }) => pipeline);
    this.#unread = new UnreadFiles({ pipelines, keepFree: options.keepFree, hostRoot, env, log });
    log.info(`Sluice ${SLUICE_VERSION} runs ${this.#built.map(({ name }) => name).join(", ")}`);
  }

  async run(signal: AbortSignal): Promise<void> {
    const running = this.#built.map(({ pipeline }) => pipeline.run(signal));
    const resting = giveBackSpareMemory(this.#env, signal);
    const looking = [this.#sources.run(signal), this.#unread.run(signal)];
    const keeping = [this.#saveOften(signal), this.#pruneOften(signal), ...looking, resting];
    await this.#discover(signal);
    await Promise.all(keeping);
    await this.#stop(Promise.all(running));
  }

  async #discover(signal: AbortSignal): Promise<void> {
    const { discoverers, isAnswered } = makeDiscovery(this.#options, this.#env, this.#log);
    for await (const event of mergeDiscoverers(discoverers, this.#env, this.#log, signal)) {
      if (event.kind === "upsert") this.#sources.upsert(event.container);
      else if (event.kind === "remove") void this.#sources.remove(event.id, signal);
      else this.#ready(isAnswered());
    }
  }

  #ready(isAnswered: boolean): void {
    this.#isReady = true;
    if (isAnswered || !this.#built.some(({ inputs }) => inputs.some((input) => !input.readsNode))) return;
    this.#log.warn(NOBODY_ANSWERS);
  }

  /** Forgets what is known of files that are gone, once all runtimes have told what there is. */
  async #pruneOften(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#env.sleep(PRUNE_INTERVAL_MS, signal);
      if (!this.#isReady) continue;
      this.#sources.prune();
      this.#saved.prune();
    }
  }

  async #saveOften(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#saved.wait(msToWholeSecond(this.#env.now(), CHECKPOINT_INTERVAL_MS_MAX), signal);
      const { hasChanges } = this.#saved;
      const busyMs = await this.#saved.saveChanges();
      if (!hasChanges) continue;
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
