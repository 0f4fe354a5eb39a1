/**
 * The positions of all pipelines, from the checkpoint and back to it. Keeps those of sources that are not read now (a pipeline whose
 * file is broken, a runtime that does not answer yet, a container that has stopped) until their files are gone.
 *
 * @module
 */
import type { Env } from "./core/env.ts";
import { type FileIdentity, type Position, safePlace } from "./core/position.ts";
import { keyOfLeft, LEFT_PREFIX } from "./left_files.ts";
import { type Checkpoint, type CheckpointStore, NO_CHECKPOINT } from "./checkpoint/store.ts";
import { KnownSources } from "./known_sources.ts";
import type { Pipeline } from "./pipeline.ts";

/** Where positions are kept. */
export interface PositionStore extends Pick<CheckpointStore, "load" | "save"> {
  /** What was saved belongs to others, too: what nobody here reads is looked up, and left to them. */
  readonly isShared?: boolean;
}

/** Tells whether the file of a source exists; see `core/source.ts` for the key. */
export type IsThere = (sourceKey: string) => boolean;

/** A file that was left has been found under its new name by then. */
const LEFT_MS = 60_000;
/** The checkpoint does not grow with the number of files that come and go: the oldest are forgotten first. */
const LEFT_MAX = 1000;

/** Where positions are kept with the records, the time of the first run is among them, as an offset in no file. */
const FIRST_RUN_KEY = "first:run";
const NO_FILE: FileIdentity = { device: 0, inode: 0, headBytes: 0, headHash: 0 };

/** What was saved before and nobody reads yet, beside what the running pipelines have settled. */
export class SavedPositions {
  readonly #store: PositionStore | undefined;
  readonly #env: Env;
  readonly #pipelines: readonly Pipeline[];
  readonly #unclaimed: Map<string, Map<string, Position>>;
  /** What was saved before and others save again. */
  readonly #known: ReadonlyMap<string, Map<string, Position>>;
  readonly #firstRunsMs: Map<string, number>;
  /** What is known of the sources beside their positions. */
  readonly known: KnownSources;
  /** Files that were read to their end and let go of in this minute, in the order of time. */
  readonly #left = new Map<
    string,
    { readonly pipeline: string; readonly position: Position; readonly untilMs: number }
  >();
  #changesSaved = 0;
  #knownChangesSaved = 0;
  /** Changes that no ledger knows of. */
  #ownChanges = 0;
  #wake: () => void = () => {};

  readonly #isThere: IsThere;

  /**
   * @param store undefined: nothing was saved and nothing will be.
   * @param isThere whether the file of a source that is not read still exists.
   * @param startedMs when the agent was started: the first run of pipelines that never ran before.
   */
  constructor(
    store: PositionStore | undefined,
    pipelines: readonly Pipeline[],
    env: Env,
    isThere: IsThere,
    startedMs: number,
  ) {
    this.#isThere = isThere;
    this.#store = store;
    this.#env = env;
    this.#pipelines = pipelines;
    for (const { ledger } of pipelines) ledger.onChange = () => this.#wake();
    const { positions, firstRunsMs, firstRunOfOthersMs = startedMs, sources } = store?.load() ?? NO_CHECKPOINT;
    this.known = new KnownSources(sources);
    this.#firstRunsMs = new Map(firstRunsMs);
    for (const { name } of pipelines) {
      // A clock that was wrong then, and is right now, has made the first run too late.
      this.#noteFirstRun(name, Math.min(firstRunsMs.get(name) ?? firstRunOfOthersMs, startedMs));
    }
    const loaded = new Map([...positions].map(([name, sources]) => [name, new Map(sources)]));
    this.#known = store?.isShared ? loaded : new Map();
    this.#unclaimed = store?.isShared ? new Map() : loaded;
  }

  /** Number of sources that had a position and are not read. */
  get unclaimedCount(): number {
    return [...this.#unclaimed.values()].reduce((sum, sources) => sum + sources.size, 0);
  }

  /** When a pipeline first ran on this node, in milliseconds since the epoch: what was written since is read. */
  firstRunMs({ name }: Pipeline): number {
    return this.#firstRunsMs.get(name)!;
  }

  /** Takes over the positions that a pipeline's records were delivered with: they are truer than those of the file. */
  adopt(pipeline: Pipeline, kept: ReadonlyMap<string, Position>): void {
    const { name, positionKeeper } = pipeline;
    const keptRunMs = kept.get(FIRST_RUN_KEY)?.offset ?? Infinity;
    const firstRunMs = Math.min(this.firstRunMs(pipeline), keptRunMs);
    this.#firstRunsMs.set(name, firstRunMs);
    if (firstRunMs < keptRunMs) positionKeeper?.note(FIRST_RUN_KEY, { identity: NO_FILE, offset: firstRunMs });
    const sources = this.#unclaimed.get(name) ?? new Map<string, Position>();
    for (const [key, position] of kept) if (key !== FIRST_RUN_KEY) sources.set(key, position);
    this.#unclaimed.set(name, sources);
    this.#ownChanges++;
  }

  /** Hands out where reading of a source stopped before. */
  claim(pipeline: Pipeline, sourceKey: string): Position | undefined {
    const settled = pipeline.ledger.position(sourceKey);
    if (settled !== undefined) return settled;
    const [own, known] = [this.#unclaimed, this.#known].map((all) => all.get(pipeline.name));
    const position = own?.get(sourceKey) ?? known?.get(sourceKey);
    own?.delete(sourceKey);
    known?.delete(sourceKey);
    return position;
  }

  /**
   * Hands out where reading of a file stopped that had another name before, such as one that was renamed while no agent ran. What was
   * known by its old name is then known by the new one.
   *
   * @param isSame whether a position of that inode is of the file.
   */
  claimRenamed(
    pipeline: Pipeline,
    { device, inode }: Pick<FileIdentity, "device" | "inode">,
    isSame: (position: Position) => boolean,
  ): Position | undefined {
    for (const sources of [this.#unclaimed.get(pipeline.name), this.#known.get(pipeline.name)]) {
      for (const [key, position] of sources ?? []) {
        const { identity } = position;
        if (identity.inode !== inode || identity.device !== device || !isSame(position)) continue;
        sources?.delete(key);
        pipeline.positionKeeper?.note(key, undefined);
        return position;
      }
    }
    return undefined;
  }

  /**
   * A file was read to its end, and its source has gone on. What has another name now would be taken for a new one after a crash in this
   * moment: for a minute it is known by its number.
   */
  keepLeft(pipeline: Pipeline, { identity, offset }: Position): void {
    const key = keyOfLeft(identity);
    const position = { identity, offset };
    this.#left.delete(`${pipeline.name} ${key}`);
    this.#left.set(`${pipeline.name} ${key}`, {
      pipeline: pipeline.name,
      position,
      untilMs: this.#env.now() + LEFT_MS,
    });
    for (const [oldest, { pipeline: name }] of this.#left) {
      if (this.#left.size <= LEFT_MAX) break;
      this.#left.delete(oldest);
      this.#forget(name, oldest.slice(name.length + 1));
    }
    this.#ownChanges++;
  }

  /** A source begins at a position that is not saved under its key yet. */
  noteMove({ positionKeeper }: Pipeline, sourceKey: string, position: Position): void {
    positionKeeper?.note(sourceKey, position);
    this.#ownChanges++;
  }

  /** Forgets sources that nobody reads and whose files are gone. */
  prune(): void {
    this.pruneKnown();
    for (const sources of this.#known.values()) {
      for (const key of sources.keys()) if (key.startsWith(LEFT_PREFIX) || !this.#isThere(key)) sources.delete(key);
    }
    for (const [name, sources] of this.#unclaimed) {
      for (const key of sources.keys()) {
        if (!key.startsWith(LEFT_PREFIX) && this.#isThere(key)) continue;
        sources.delete(key);
        this.#forget(name, key);
      }
    }
  }

  /** Forgets what is known of outputs that nobody reads and whose files are gone: nothing is left of them to be read. */
  pruneKnown(): void {
    const isRead = (name: string, key: string) => this.#pipelines.some((one) => one.name === name && one.has(key));
    this.known.prune(isRead, this.#isThere);
  }

  /** Whether something was settled that is not saved. */
  get hasChanges(): boolean {
    return this.#countChanges() !== this.#changesSaved;
  }

  /** Resolves when there is something to save, `signal` aborts, or after `msMax`. */
  async wait(msMax: number, signal: AbortSignal): Promise<void> {
    if (this.hasChanges || signal.aborted) return;
    const over = new AbortController();
    // With a reason: without one, an error is made, with a stack.
    const end = () => over.abort("over");
    this.#wake = end;
    signal.addEventListener("abort", end, { once: true });
    await this.#env.sleep(msMax, over.signal);
    signal.removeEventListener("abort", end);
    this.#wake = () => {};
  }

  /**
   * Saves if something was settled since the last time. Calls must not overlap.
   *
   * @returns the milliseconds for which the thread was busy with it.
   */
  async saveChanges(): Promise<number> {
    for (const pipeline of this.#pipelines) this.#keepEnded(pipeline);
    const changes = this.#countChanges();
    if (this.#store === undefined) this.#changesSaved = changes;
    if (this.#store === undefined || changes === this.#changesSaved) return 0;
    const startedMs = this.#env.now();
    const knownChanges = this.known.changes;
    const saved = this.#store.save(this.#collect());
    const busyMs = this.#env.now() - startedMs;
    if (!await saved) return busyMs;
    this.#changesSaved = changes;
    this.#knownChangesSaved = knownChanges;
    return busyMs;
  }

  /** A file that is no longer read may be found again: in another container that shares it, or when its container starts again. */
  #keepEnded(pipeline: Pipeline): void {
    const ended = pipeline.takeEnded();
    if (ended.size === 0) return;
    const sources = this.#unclaimed.get(pipeline.name) ?? new Map<string, Position>();
    this.#unclaimed.set(pipeline.name, sources);
    for (const [key, position] of ended) {
      if (this.#isThere(key)) sources.set(key, position);
      else this.#forget(pipeline.name, key);
    }
  }

  /** It is saved at once: a restart must not take this run for the first one. */
  #noteFirstRun(name: string, ms: number): void {
    if (this.#firstRunsMs.get(name) === ms) return;
    this.#firstRunsMs.set(name, ms);
    this.#ownChanges++;
  }

  #forget(pipelineName: string, key: string): void {
    this.#ownChanges++;
    this.known.forget(pipelineName, key);
    this.#pipelines.find(({ name }) => name === pipelineName)?.positionKeeper?.note(key, undefined);
  }

  #countChanges(): number {
    const own = this.#ownChanges + this.known.changes;
    return this.#pipelines.reduce((sum, { ledger }) => sum + ledger.changes, own);
  }

  #collect(): Checkpoint {
    const checkpoint = new Map<string, ReadonlyMap<string, Position>>(this.#unclaimed);
    const left = this.#leftPositions();
    for (const { name, ledger, positionKeeper } of this.#pipelines) {
      // Where the records go it is known what is pending, too; the file is for who does not ask there.
      const place = positionKeeper === undefined ? (position: Position) => position : safePlace;
      checkpoint.set(
        name,
        new Map(
          [...this.#unclaimed.get(name) ?? [], ...left.get(name) ?? [], ...ledger.positions()]
            .map(([key, position]) => [key, place(position)]),
        ),
      );
    }
    const isChanged = this.known.changes !== this.#knownChangesSaved;
    return { positions: checkpoint, firstRunsMs: this.#firstRunsMs, ...isChanged && { sources: this.known.all } };
  }

  /** By pipeline; those of more than a minute ago are forgotten. */
  #leftPositions(): Map<string, [string, Position][]> {
    const positions = new Map<string, [string, Position][]>();
    for (const [name, { pipeline, position, untilMs }] of this.#left) {
      const of = positions.get(pipeline) ?? [];
      positions.set(pipeline, of);
      const key = name.slice(pipeline.length + 1);
      if (untilMs >= this.#env.now()) of.push([key, position]);
      else {
        this.#left.delete(name);
        this.#forget(pipeline, key);
      }
    }
    return positions;
  }
}
