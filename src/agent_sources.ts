/**
 * Containers → sources: asks the inputs of every pipeline what there is to read of a container, when it comes, when it changes and, where
 * files come and go, again and again; has the pipelines read each source once; ends what belongs to containers that are gone.
 *
 * @module
 */
import type { BuiltPipeline } from "./build_pipeline.ts";
import { InvariantError } from "./core/assert.ts";
import type { Container, RuntimeName } from "./core/container.ts";
import type { Env } from "./core/env.ts";
import type { Input } from "./core/input.ts";
import type { Log } from "./core/log.ts";
import { msToWholeSecond } from "./core/pace.ts";
import type { Position } from "./core/position.ts";
import type { Source } from "./core/source.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { isFile, isSearched } from "./is_searched.ts";
import { KeptPositions } from "./kept_positions.ts";
import { nameOf } from "./name_of.ts";
import type { MakeDecoder, Pipeline } from "./pipeline.ts";
import type { SavedPositions } from "./saved_positions.ts";
import { ScanSchedule } from "./scan_schedule.ts";
import { byPrecedence, SourceClaims } from "./source_claims.ts";
import { startOf } from "./source_start.ts";
import { isFileAt } from "./tail/identity.ts";
import { withRoots } from "./with_roots.ts";

/** How long the search for new files pauses at least. */
const PAUSE_MS_MIN = 250;
/** And where there is nothing to search. */
const NOTHING_TO_LOOK_AT_MS = 30_000;
/** How long looking may go on before timers and sockets have their turn. */
const BREATH_MS = 10;
/** How long a container must have been away before its output is ended: a runtime that restarts may forget one for a moment. */
const GONE_AFTER_MS = 10_000;
/** How often beginning is tried again of what a container that is gone has left. */
const LATE_PAUSE_MS = 1000;
/** The name of the node among the containers. */
const NODE = "";

/** The sources of all pipelines. */
export class AgentSources {
  /** Whether a source is to be read here, rather than by another thread. */
  isMine: (source: Source, built: BuiltPipeline) => boolean = () => true;
  readonly #built: readonly BuiltPipeline[];
  readonly #saved: SavedPositions;
  readonly #releaseAfterMs: number | undefined;
  readonly #env: Env;
  readonly #log: Log;
  readonly #containers = new Map<string, Container>();
  /** Containers, by id, whose output some pipeline could not begin to read: it is tried again at the next looks. */
  readonly #waiting = new Set<string>();
  readonly #claims = new SourceClaims();
  readonly #schedule = new ScanSchedule();
  readonly #kept: KeptPositions;
  /** Ends the pause between looks: there is something new to look at. */
  #wakeUp = new AbortController();

  /** @param releaseAfterMs how long files inside what is gone are held for the sake of what is unread; undefined: until it is read. */
  constructor(
    built: readonly BuiltPipeline[],
    saved: SavedPositions,
    releaseAfterMs: number | undefined,
    env: Env,
    log: Log,
  ) {
    this.#built = built.toSorted(byPrecedence);
    this.#saved = saved;
    this.#releaseAfterMs = releaseAfterMs;
    this.#env = env;
    this.#log = log;
    if (built.some(({ inputs }) => inputs.some((input) => input.readsNode))) this.#schedule.wake(NODE, env.now());
    this.#kept = new KeptPositions(built.map(({ pipeline }) => pipeline), saved, () => {
      this.#wakeAgain(NODE);
      for (const container of this.#containers.values()) this.upsert(container);
    });
  }

  /** A container is there, or is no longer what it was. */
  upsert(news: Container): void {
    const container = withRoots(news, this.#containers.get(news.id));
    this.#containers.set(container.id, container);
    for (const built of this.#built) this.#takeFiles(built, container);
    this.#takeOutput(container);
    if (!this.#isLookedAt(container)) return this.#schedule.remove(container.id);
    this.#schedule.wake(container.id, this.#env.now());
    this.#wakeUp.abort();
  }

  /**
   * A container is gone. What it wrote since the last look is looked for. The files inside it are let go of after a while, because they may
   * hold up its removal; its output, which does not, when it is read.
   */
  async remove(containerId: string, signal: AbortSignal): Promise<void> {
    this.#look(containerId);
    const container = this.#containers.get(containerId);
    this.#containers.delete(containerId);
    const isWaiting = this.#waiting.delete(containerId);
    this.#schedule.remove(containerId);
    for (const { pipeline } of this.#built) pipeline.finishContainer(containerId, this.#releaseAfterMs, isFile);
    if (container !== undefined && isWaiting) await this.#takeLate(container, signal);
    await this.#env.sleep(GONE_AFTER_MS, signal);
    if (signal.aborted || this.#containers.has(containerId)) return;
    for (const { pipeline, inputs } of this.#built) {
      pipeline.finishContainer(containerId);
      for (const input of inputs) input.forget(containerId);
    }
  }

  /** Reads to its end what containers have left that went while no agent ran, of runtimes that have told of all that are there. */
  readLeft(runtimes: readonly RuntimeName[]): void {
    for (const built of this.#built) {
      for (const { input, source } of this.#saved.known.left(built, runtimes, (id) => this.#containers.has(id))) {
        if (!this.isMine(source, built)) continue;
        const add = () => this.#add(built, input, source);
        if (this.#unlessFailing(source.container, source.path, add)) built.pipeline.finish(source.key);
      }
    }
  }

  /** Looks for new files until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#wakeUp = new AbortController();
      for (const { left } of this.#built) for (const id of left.takeNews()) this.#wakeAgain(id);
      await this.#lookAtAll(this.#schedule.takeDue(this.#env.now()), signal);
      const now = this.#env.now();
      const isDueSoon = this.#schedule.dueMs() - now < PAUSE_MS_MIN * 2;
      const restMs = this.#schedule.size > 0 ? PAUSE_MS_MIN : NOTHING_TO_LOOK_AT_MS;
      const pauseMs = isDueSoon ? PAUSE_MS_MIN : msToWholeSecond(now, restMs);
      await this.#env.sleep(pauseMs, AbortSignal.any([signal, this.#wakeUp.signal]));
    }
  }

  /** Drops what is remembered of sources that nobody reads. */
  prune(): void {
    this.#claims.prune();
  }

  #wakeAgain(name: string): void {
    if (this.#schedule.has(name)) this.#schedule.wake(name, this.#env.now());
  }

  async #lookAtAll(names: readonly string[], signal: AbortSignal): Promise<void> {
    let startedMs = this.#env.now();
    let looked = 0;
    for (const name of names) {
      if (signal.aborted) return;
      this.#look(name);
      looked++;
      const ms = this.#env.now() - startedMs;
      if (ms < BREATH_MS && looked < names.length) continue;
      this.#schedule.looked(looked, ms);
      looked = 0;
      await this.#env.breathe();
      startedMs = this.#env.now();
    }
  }

  #look(name: string): void {
    const container = this.#containers.get(name);
    if (name !== NODE && container === undefined) return;
    if (container !== undefined && this.#waiting.has(name)) this.#takeAgain(container);
    for (const built of this.#built) {
      for (const input of built.inputs) if (isSearched(input, container)) this.#addAll(built, input, container);
    }
  }

  #takeAgain(container: Container): void {
    this.#takeOutput(container);
    if (!this.#isLookedAt(container)) this.#schedule.remove(container.id);
  }

  #isLookedAt(container: Container): boolean {
    return this.#waiting.has(container.id) ||
      this.#built.some(({ inputs }) => inputs.some((input) => isSearched(input, container)));
  }

  /** What is in an exited container will not change: it is looked at once, and ended when it is read. */
  #takeFiles(built: BuiltPipeline, container: Container): void {
    const { pipeline, inputs } = built;
    const takers = inputs.filter((input) => input.decide(container).matches);
    if (takers.length === 0) {
      this.#saved.known.forgetContainer(pipeline.name, container.id);
      pipeline.finishContainer(container.id, this.#releaseAfterMs, isFile);
      return pipeline.finishContainer(container.id);
    }
    if (container.state !== "exited") return;
    for (const input of takers) if (input.isDynamic) this.#addAll(built, input, container);
    pipeline.finishContainer(container.id, this.#releaseAfterMs, isFile);
  }

  /** Output that could not be begun while the container was there is begun as soon as it can be. */
  async #takeLate(container: Container, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#containers.has(container.id) && !this.#addOutput(container)) {
      await this.#env.sleep(LATE_PAUSE_MS, signal);
    }
  }

  #takeOutput(container: Container): void {
    if (this.#addOutput(container)) this.#waiting.delete(container.id);
    else this.#waiting.add(container.id);
  }

  /** @returns whether everything is being read. */
  #addOutput(container: Container): boolean {
    let isDone = true;
    for (const built of this.#built) {
      for (const input of built.inputs) {
        if (input.isDynamic || !input.decide(container).matches) continue;
        isDone = this.#addAll(built, input, container) && isDone;
      }
    }
    return isDone;
  }

  /** @returns whether everything is being read, by this pipeline or under another name. */
  #addAll(built: BuiltPipeline, input: Input<Kernel>, container: Container | undefined): boolean {
    const sources = this.#unlessFailing(container, "its files", () => input.sources(container));
    const added = sources?.filter((source) => this.isMine(source, built)).map((source) => {
      return this.#unlessFailing(container, source.path, () => this.#add(built, input, source));
    });
    return added?.every((isAdded) => isAdded === true) ?? false;
  }

  /** @returns whether the source is being read; false: it is to be tried again. */
  #add(built: BuiltPipeline, input: Input<Kernel>, source: Source): boolean {
    const { pipeline } = built;
    if (pipeline.has(source.key)) {
      if (!input.isDynamic) pipeline.revive(source.key);
      return true;
    }
    if (input.exclusive !== undefined && !this.#claim(built, source)) return false;
    if (this.#kept.isAwaited(pipeline)) return false;
    // What was read of it before is still on its way: where reading goes on is known when that has arrived.
    if (pipeline.ledger.isPending(source.key)) return false;
    if (input.isDynamic && this.#isReadByAnotherName(pipeline, source)) return true;
    this.#begin(built, input, source);
    return true;
  }

  #begin(built: BuiltPipeline, input: Input<Kernel>, source: Source): void {
    const { pipeline } = built;
    const position = this.#saved.claim(pipeline, source.key) ?? this.#tryPositionOfRenamed(built, input, source);
    this.#saved.known.note(built, input, source);
    const from = position === undefined ? "" : ` from byte ${position.offset}`;
    this.#log.info(`${pipeline.name} reads ${nameOf(source.container)}${source.path}${from}`);
    const { idleFlush, lag } = input;
    const makeDecoder: MakeDecoder = (kernel, counts) => input.decoder(kernel, source, counts, built.takesJsonText);
    const placed = { ...source, start: startOf(source, this.#saved.firstRunMs(pipeline)) };
    pipeline.add({ source: placed, position, idleFlush, lag, makeDecoder, namesMove: input.isDynamic });
  }

  #claim({ pipeline }: BuiltPipeline, source: Source): boolean {
    const isRead = (owner: Pipeline) => this.#isReadByAnotherName(owner, source);
    const owner = this.#claims.tryOtherOwner(source.key, pipeline, isRead);
    if (owner === undefined) return true;
    const name = nameOf(source.container) + source.path;
    const remedy = "AllowingIncludedByMultiConfigs: true allows several to read the same";
    this.#log.throttled(
      `claimed ${pipeline.name} ${owner.name}`,
      `${pipeline.name} does not read ${name}: ${owner.name} does. ${remedy}`,
    );
    return false;
  }

  #isReadByAnotherName(pipeline: Pipeline, { path, files }: Source): boolean {
    const stat = (files ?? this.#env.files).tryStat(path);
    return stat !== undefined && pipeline.isReading(stat.device, stat.inode);
  }

  /** Where reading ended when the file had another name: in this life of the agent, or before. */
  #tryPositionOfRenamed({ pipeline, left }: BuiltPipeline, input: Input<Kernel>, source: Source): Position | undefined {
    if (!input.isDynamic) return undefined;
    const files = source.files ?? this.#env.files;
    const stat = files.tryStat(source.path);
    if (stat === undefined) return undefined;
    const isSame = ({ identity }: Position) => isFileAt(source.path, identity, files);
    const known = this.#saved.claimRenamed(pipeline, stat, isSame) ?? left.tryPosition(stat);
    if (known === undefined || !isSame(known)) return undefined;
    this.#saved.noteMove(pipeline, source.key, known);
    return known;
  }

  /** Looks at what may fail for the world's sake; says so. */
  #unlessFailing<Result>(container: Container | undefined, what: string, look: () => Result): Result | undefined {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof Error) || error instanceof InvariantError) throw error;
      const where = nameOf(container);
      const remedy = "what is there waits, looking is tried again";
      this.#log.throttled(`look ${where}`, `${where}Cannot look at ${what}: ${error.message}; ${remedy}`);
      return undefined;
    }
  }
}
