/**
 * Which source next, fairly: each source with news gives one chunk in turn, and those that were read to their ends the next one in the
 * next round. A source that had nothing is looked at again after a pause that doubles; one that stays quiet falls asleep. Those that
 * sleep are looked at together: every two seconds, and every ten where their directories are watched, because a bell rings for them.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { msToWholeSecond } from "../core/pace.ts";
import { DirectoryBells } from "./directory_bells.ts";
import type { ReadResult } from "./read_result.ts";
import { RoundPace } from "./round_pace.ts";
import { Sweep } from "./sweep.ts";
import type { TailedSource } from "./tailed_source.ts";
import { type Turn, TurnList } from "./turn_list.ts";

const PAUSE_MIN_MS = 10;
/** A source falls asleep rather than pause for longer. */
const PAUSE_MAX_MS = 1280;
/** How often the sleeping are looked at. */
const SWEEP_INTERVAL_MS = 2000;
/** The same of those for whom a bell should ring. */
const RUNG_FOR_SWEEP_INTERVAL_MS = 10_000;

/** Bytes that are read of a sleeping source: enough to see that there are some. */
const PROBE_BYTES = 512;

/** A read that gave bytes, or news that need an act of the pipeline. */
export interface Reading {
  readonly tailed: TailedSource;
  readonly result: Exclude<ReadResult, { readonly kind: "quiet" }>;
}

/** The sources of one pipeline. */
export class Tailer {
  readonly #env: Env;
  readonly #turns = new Map<string, Turn>();
  readonly #awake = new TurnList();
  readonly #asleep = new Sweep(SWEEP_INTERVAL_MS);
  /** Those that sleep in directories that are watched. */
  readonly #rungFor = new Sweep(RUNG_FOR_SWEEP_INTERVAL_MS);
  readonly #bells: DirectoryBells<Turn>;
  #wake = new AbortController();
  readonly #pace: RoundPace;

  /** @param log is told where directories cannot be watched. */
  constructor(env: Env, log?: Log) {
    this.#env = env;
    this.#bells = new DirectoryBells(env, (turns) => this.#ring(turns), log);
    this.#pace = new RoundPace(env.now());
  }

  /** Number of sources. */
  get size(): number {
    return this.#turns.size;
  }

  /** Adds a source; it is looked at next. */
  add(tailed: TailedSource): void {
    const turn: Turn = { tailed, dueMs: 0, pauseMs: PAUSE_MIN_MS, list: undefined, index: 0 };
    this.#turns.set(tailed.source.key, turn);
    this.#wakeUp(turn);
  }

  tryGet(key: string): TailedSource | undefined {
    return this.#turns.get(key)?.tailed;
  }

  /** All sources. */
  *all(): Generator<TailedSource> {
    for (const { tailed } of this.#turns.values()) yield tailed;
  }

  /** The sources that belong to a container. */
  keysOfContainer(containerId: string): string[] {
    const all = [...this.#turns.values()];
    return all.filter(({ tailed }) => tailed.source.container?.id === containerId).map(({ tailed }) =>
      tailed.source.key
    );
  }

  /** The source has no future: it ends when it has been read; it is looked at now rather than later. */
  finish(key: string): void {
    const turn = this.#turns.get(key);
    turn?.tailed.finish();
    this.#wakeUp(turn);
  }

  /** The source has a future again. */
  revive(key: string): void {
    const turn = this.#turns.get(key);
    turn?.tailed.revive();
    this.#wakeUp(turn);
  }

  /** Lets go of a source's file, read or not; the source ends. */
  release(key: string): void {
    const turn = this.#turns.get(key);
    turn?.tailed.release();
    this.#wakeUp(turn);
  }

  /** Forgets a source and closes its file. */
  remove(key: string): void {
    const turn = this.#turns.get(key);
    if (turn === undefined) return;
    turn.tailed.close();
    turn.list?.remove(turn);
    this.#turns.delete(key);
    const { directory } = turn.tailed.source;
    if (directory !== undefined) this.#bells.leave(directory, turn);
  }

  /** Reads from the next source that is due into `into`. Returns undefined when none has news. Costs a look at those that are awake. */
  tryNext(into: Uint8Array): Reading | undefined {
    const now = this.#env.now();
    return this.#trySweep(into, now) ?? this.#tryAwake(into, now);
  }

  /** Nothing complete was in the `size` bytes that a source gave: it is looked at again later. */
  postpone(tailed: TailedSource, size: number): void {
    tailed.wait(size);
    const turn = this.#turns.get(tailed.source.key);
    if (turn !== undefined) this.#postpone(turn, this.#env.now());
  }

  /** Resolves when a source is due again, one was added, or `signal` aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    const now = this.#env.now();
    const latest = now + msToWholeSecond(now, RUNG_FOR_SWEEP_INTERVAL_MS);
    const due = Math.min(this.#awake.dueMs(), this.#asleep.dueMs(), this.#rungFor.dueMs(), latest);
    const wake = this.#wake;
    const stop = () => wake.abort();
    signal.addEventListener("abort", stop, { once: true });
    if (!signal.aborted) await this.#env.sleep(Math.max(PAUSE_MIN_MS, due - now), wake.signal);
    signal.removeEventListener("abort", stop);
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }

  close(): void {
    this.#bells.close();
    for (const { tailed } of this.#turns.values()) tailed.close();
  }

  /** Looks at those that sleep, from where the last call stopped. Those with bytes are awake then; their bytes come in their turn. */
  #trySweep(into: Uint8Array, now: number): Reading | undefined {
    if (this.#asleep.begin(now)) this.#bells.rearm((turn) => turn.list !== this.#awake);
    this.#rungFor.begin(now);
    const probe = into.subarray(0, PROBE_BYTES);
    for (const sweep of [this.#asleep, this.#rungFor]) {
      for (let turn = sweep.next(); turn !== undefined; turn = sweep.next()) {
        const result = turn.tailed.read(probe);
        if (result.kind === "quiet") {
          this.#settleDown(turn);
          continue;
        }
        if (sweep === this.#rungFor && result.kind === "bytes") this.#bells.missed(turn.tailed.source.directory!);
        this.#rouse(turn);
        if (result.kind !== "bytes") return { tailed: turn.tailed, result };
      }
    }
    return undefined;
  }

  /** One that was found quiet while its directory is watched need not be looked at often. */
  #settleDown(turn: Turn): void {
    const { directory } = turn.tailed.source;
    const isRungFor = directory !== undefined && this.#bells.isArmed(directory);
    (isRungFor ? this.#rungFor : this.#asleep).sleepers.add(turn);
    turn.tailed.patience.isRungFor = isRungFor;
  }

  #ring(turns: ReadonlySet<Turn>): void {
    for (const turn of turns) {
      if (turn.list === this.#awake) continue;
      turn.tailed.patience.hurry();
      this.#wakeUp(turn);
    }
  }

  #tryAwake(into: Uint8Array, now: number): Reading | undefined {
    for (let left = this.#awake.size; left > 0; left--) {
      const turn = this.#awake.next();
      if (turn.dueMs > now && turn.dueMs <= now + PAUSE_MAX_MS) continue;
      const result = turn.tailed.read(into);
      if (result.kind === "quiet") {
        this.#postpone(turn, now);
        continue;
      }
      turn.pauseMs = PAUSE_MIN_MS;
      if (result.kind === "bytes") this.#rest(turn, result.size, now);
      return { tailed: turn.tailed, result };
    }
    return undefined;
  }

  /** What was read to its end has its next turn in the next round: looking again at once would find next to nothing. */
  #rest(turn: Turn, size: number, now: number): void {
    const intervalMs = this.#pace.read(size, now);
    if (!turn.tailed.isBehind) turn.dueMs = now - now % intervalMs + intervalMs;
  }

  /** Pauses of the same length end at the same moment, and those of half the length with them: fewer wake-ups. */
  #postpone(turn: Turn, now: number): void {
    if (turn.pauseMs > PAUSE_MAX_MS) return this.#fallAsleep(turn);
    const pauseMs = Math.max(turn.pauseMs, this.#pace.intervalMs);
    turn.dueMs = now - now % pauseMs + pauseMs;
    turn.pauseMs = pauseMs * 2;
  }

  /** The next sweep looks at it once more, after its directory is watched. */
  #fallAsleep(turn: Turn): void {
    const { directory } = turn.tailed.source;
    if (directory !== undefined) this.#bells.listen(directory, turn);
    this.#asleep.sleepers.add(turn);
  }

  #wakeUp(turn: Turn | undefined): void {
    if (turn === undefined) return;
    this.#rouse(turn);
    this.#wake.abort();
  }

  #rouse(turn: Turn): void {
    turn.dueMs = 0;
    turn.pauseMs = PAUSE_MIN_MS;
    this.#awake.add(turn);
  }
}
