/**
 * Which source next, fairly: each source with news gives one chunk in turn, and those that were read to their ends the next one in the
 * next round. A source that had nothing is looked at again after a pause that doubles; one that stays quiet falls asleep. Those that
 * sleep are looked at together, every two seconds or, where they are many, a little less often: the less, the longer they have slept.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import { msToBeat } from "../core/pace.ts";
import type { ReadResult } from "./read_result.ts";
import { RoundPace } from "./round_pace.ts";
import { Sweep } from "./sweep.ts";
import type { TailedSource } from "./tailed_source.ts";
import { type Turn, TurnList } from "./turn_list.ts";

const PAUSE_MIN_MS = 10;
/** A source falls asleep rather than pause for longer. */
const PAUSE_MAX_MS = 1280;
/** A source that has slept for so long is fast asleep: ten seconds until the next look are less than half of its silence. */
const FAST_ASLEEP_AFTER_MS = 20_000;
/** Sweeps over each kind of sleepers come after so long for each of them. */
const INTERVAL_MS_PER_SLEEPER = 5;
const INTERVAL_MS_PER_FAST_SLEEPER = 10;
/** The longest wait where nobody sleeps or pauses. */
const WAIT_MS_MAX = 10_000;

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
  readonly #onAsleep: (sourceKey: string) => void;
  readonly #turns = new Map<string, Turn>();
  readonly #awake = new TurnList();
  readonly #asleep = new Sweep(INTERVAL_MS_PER_SLEEPER);
  readonly #fastAsleep = new Sweep(INTERVAL_MS_PER_FAST_SLEEPER);
  /** Those that sleep and are behind all the same, because they cannot be read, or wait for a writer to let go. */
  readonly #restless = new Set<Turn>();
  #wake = new AbortController();
  readonly #pace: RoundPace;

  /** @param onAsleep is called with each source that falls asleep. */
  constructor(env: Env, onAsleep: (sourceKey: string) => void = () => {}) {
    this.#env = env;
    this.#onAsleep = onAsleep;
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
  all(): TailedSource[] {
    return [...this.#turns.values()].map(({ tailed }) => tailed);
  }

  /** The sources that were behind when they were looked at last. Costs nothing for those that sleep. */
  behind(): TailedSource[] {
    const turns = [...this.#restless, ...this.#awake.all];
    return turns.map(({ tailed }) => tailed).filter(({ isBehind }) => isBehind);
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
    this.#restless.delete(turn);
    this.#turns.delete(key);
  }

  /** Reads from the next source that is due into `into`. Returns undefined when none has news. Costs a look at those that are awake. */
  tryNext(into: Uint8Array): Reading | undefined {
    const now = this.#env.now();
    const swept = this.#trySweep(this.#asleep, into, now) ?? this.#trySweep(this.#fastAsleep, into, now);
    return swept ?? this.#tryAwake(into, now);
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
    const latest = now + msToBeat(now, WAIT_MS_MAX);
    const due = Math.min(this.#awake.dueMs(), this.#asleep.dueMs(), this.#fastAsleep.dueMs(), latest);
    const wake = this.#wake;
    const stop = () => wake.abort();
    signal.addEventListener("abort", stop, { once: true });
    if (!signal.aborted) await this.#env.sleep(Math.max(PAUSE_MIN_MS, due - now), wake.signal);
    signal.removeEventListener("abort", stop);
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }

  close(): void {
    for (const { tailed } of this.#turns.values()) tailed.close();
  }

  /** Looks at those that sleep, from where the last call stopped. Those with bytes are awake then; their bytes come in their turn. */
  #trySweep(asleep: Sweep, into: Uint8Array, now: number): Reading | undefined {
    asleep.begin(now);
    const probe = into.subarray(0, PROBE_BYTES);
    for (let turn = asleep.next(); turn !== undefined; turn = asleep.next()) {
      const result = turn.tailed.read(probe);
      if (result.kind === "quiet") {
        if (now >= turn.dueMs) this.#fastAsleep.add(turn, now);
        this.#noteRestless(turn);
        continue;
      }
      this.#rouse(turn);
      if (result.kind !== "bytes") return { tailed: turn.tailed, result };
    }
    return undefined;
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
    if (turn.pauseMs > PAUSE_MAX_MS) {
      turn.dueMs = now + FAST_ASLEEP_AFTER_MS;
      this.#asleep.add(turn, now);
      this.#noteRestless(turn);
      return this.#onAsleep(turn.tailed.source.key);
    }
    const pauseMs = Math.max(turn.pauseMs, this.#pace.intervalMs);
    turn.dueMs = now - now % pauseMs + pauseMs;
    turn.pauseMs = pauseMs * 2;
  }

  #noteRestless(turn: Turn): void {
    if (turn.tailed.isBehind) this.#restless.add(turn);
    else this.#restless.delete(turn);
  }

  #wakeUp(turn: Turn | undefined): void {
    if (turn === undefined) return;
    this.#rouse(turn);
    this.#wake.abort();
  }

  #rouse(turn: Turn): void {
    turn.dueMs = 0;
    turn.pauseMs = PAUSE_MIN_MS;
    this.#restless.delete(turn);
    this.#awake.add(turn);
  }
}
