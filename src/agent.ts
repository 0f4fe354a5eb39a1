/**
 * The agent: configuration → pipelines, containers → sources, signals → a clean stop. Hears of containers and tells its threads: the
 * one that it runs in itself, and others where they are wanted.
 *
 * @module
 */
import { AgentThread } from "./agent_thread.ts";
import { buildInputs, writtenDirectories } from "./build_pipeline.ts";
import { JoinedCheckpoint } from "./checkpoint/joined_checkpoint.ts";
import { CheckpointStore, NO_CHECKPOINT } from "./checkpoint/store.ts";
import { listContainers } from "./cli/containers.ts";
import { SLUICE_VERSION } from "./cli/version.ts";
import { formatProblem } from "./config/problem.ts";
import { type LoadedPipelines, loadPipelines } from "./config/validate.ts";
import type { AgentOptions } from "./core/agent_options.ts";
import type { Container } from "./core/container.ts";
import { makeDenoEnv } from "./core/deno_env.ts";
import type { Env } from "./core/env.ts";
import type { Log } from "./core/log.ts";
import { mergeDiscoverers } from "./discover/merge.ts";
import { type Discovery, makeDiscovery, NOBODY_ANSWERS } from "./discovery.ts";
import { OtherThreads } from "./other_threads.ts";
import { createLog } from "./observe/log.ts";
import { plugins } from "./plugins.ts";
import { type FileAnswers, recordFiles } from "./recorded_files.ts";

const EXIT_CONFIGURATION = 2;
/** How long a runtime must answer until what it has not told of counts as gone: longer than a list and all questions about it. */
const TOLD_AFTER_MS = 10_000;
/** How often it is looked which runtimes answer. */
const TELL_INTERVAL_MS = 60_000;

/**
 * Collects until `signal` aborts. Returns the process's exit code.
 *
 * @param program the address of the module that other threads start with.
 * @param narrow called before anything runs, with the directories that pipelines write to: no other permission is needed from then on.
 */
export async function runAgent(
  options: AgentOptions,
  signal: AbortSignal,
  program: string,
  narrow: (writtenDirectories: readonly string[]) => Promise<void>,
): Promise<number> {
  const env = makeDenoEnv(options.hostIp, options.threads > 1);
  const log = createLog(options.logLevel, env);
  const configFiles: FileAnswers = new Map();
  const files = recordFiles(env.files, configFiles);
  const loaded = loadPipelines(options.configPath, plugins, files, env.tryVariable);
  reportProblems(loaded, log);
  if (loaded.pipelines.length === 0) {
    log.error(`No pipeline in ${options.configPath} can run; "sluice check ${options.configPath}" says why`);
    return EXIT_CONFIGURATION;
  }
  await narrow(loaded.pipelines.flatMap(writtenDirectories));
  log.info(`Sluice ${SLUICE_VERSION} runs ${loaded.pipelines.map(({ name }) => name).join(", ")}`);
  const agent = new Agent(loaded, { program, configFiles }, options, env, log);
  const records = await agent.run(signal);
  log.info(`Stopped: ${records} records delivered`);
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
    buildInputs(config, { hostRoot: options.hostRoot, env, log }).map((input) => ({
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

/** What other threads begin with, beside what this one has. */
interface Program {
  readonly program: string;
  readonly configFiles: FileAnswers;
}

/** The running agent. */
class Agent {
  readonly #options: AgentOptions;
  readonly #env: Env;
  readonly #log: Log;
  readonly #own: AgentThread;
  readonly #others: OtherThreads;

  constructor({ pipelines }: LoadedPipelines, program: Program, options: AgentOptions, env: Env, log: Log) {
    this.#options = options;
    this.#env = env;
    this.#log = log;
    const startedMs = env.now();
    // Printed records are not delivered: trying a pipeline out must not move where delivery goes on.
    const store = options.printToStdout ? undefined : new CheckpointStore(options.checkpointDirectory, env, log);
    const checkpoint = store?.load() ?? NO_CHECKPOINT;
    const joined = store && new JoinedCheckpoint(store);
    const ownStore = joined && { load: () => checkpoint, save: joined.save.bind(joined, 0) };
    this.#own = new AgentThread({ options, thread: 0, configs: pipelines, store: ownStore, startedMs, env, log });
    this.#others = new OtherThreads({ ...program, options, startedMs, checkpoint }, joined, env, log);
  }

  /** @returns the number of records delivered. */
  async run(signal: AbortSignal): Promise<number> {
    this.#others.start(signal);
    const own = this.#own.run(signal);
    await this.#discover(signal);
    const records = await Promise.all([own, ...this.#others.ended]);
    return records.reduce((sum, count) => sum + count, 0);
  }

  async #discover(signal: AbortSignal): Promise<void> {
    const discovery = makeDiscovery(this.#options, this.#env, this.#log);
    for await (const event of mergeDiscoverers(discovery.discoverers, this.#env, this.#log, signal)) {
      this.#others.tell(event);
      if (event.kind === "upsert") this.#own.upsert(event.container);
      else if (event.kind === "remove") this.#own.remove(event.id, signal);
      else this.#ready(discovery, signal);
    }
  }

  #ready(discovery: Discovery, signal: AbortSignal): void {
    this.#own.ready();
    if (!this.#own.readsContainers) return;
    if (!discovery.isAnswered()) this.#log.warn(NOBODY_ANSWERS);
    void this.#tellAnswering(discovery, signal);
  }

  /** A runtime that answers for a while has told of all that it knows: what is not there then is gone. */
  async #tellAnswering({ answering }: Discovery, signal: AbortSignal): Promise<void> {
    for (let before = answering(), pauseMs = TOLD_AFTER_MS;; pauseMs = TELL_INTERVAL_MS) {
      await this.#env.sleep(pauseMs, signal);
      if (signal.aborted) return;
      const now = answering();
      const runtimes = now.filter((runtime) => before.includes(runtime));
      before = now;
      this.#others.tell({ kind: "told", runtimes });
      this.#own.told(runtimes);
    }
  }
}
