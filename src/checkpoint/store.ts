/**
 * The checkpoint file: every source's position, per pipeline, and since when each pipeline runs. Written as a whole, atomically; a file that
 * cannot be understood is set aside, never fatal: starting over repeats records, which is better than not starting.
 *
 * @module
 */
import * as z from "zod";
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import type { Position } from "../core/position.ts";

const FILE_NAME = "sluice.checkpoint.json";
const VERSION = 1;

/** What identifies a file covers at most so many of its first bytes (`../tail/identity.ts`), which are read again to compare. */
const HEAD_BYTES_MAX = 1024;
const HASH_MAX = 2 ** 32 - 1;

const count = z.number().int().nonnegative();
/** 64 bits for the operating system, here the nearest number: file systems that are joined of others use the highest bits, too. */
const number64 = z.number().nonnegative().refine(Number.isInteger);
const positionSchema = z.object({
  identity: z.object({
    device: number64,
    inode: number64,
    headBytes: count.max(HEAD_BYTES_MAX),
    headHash: count.max(HASH_MAX),
  }),
  offset: count,
});
const fileSchema = z.object({
  version: z.literal(VERSION),
  pipelines: z.record(z.string(), z.record(z.string(), positionSchema)),
  /** When each pipeline first ran; missing in files of versions that did not ask. */
  firstRuns: z.record(z.string(), z.number()).default({}),
});

/** What is kept over restarts. */
export interface Checkpoint {
  /** By pipeline name, then by source key. */
  readonly positions: ReadonlyMap<string, ReadonlyMap<string, Position>>;
  /** When each pipeline first ran on this node, by its name; in milliseconds since the epoch. */
  readonly firstRunsMs: ReadonlyMap<string, number>;
  /** That of pipelines that are not named; undefined: they never did. */
  readonly firstRunOfOthersMs?: number;
}

/** Nothing was saved. */
export const NO_CHECKPOINT: Checkpoint = { positions: new Map(), firstRunsMs: new Map() };

/** There was a checkpoint, and nobody knows what it said: everything may have been read, and everything is read again. */
const LOST_CHECKPOINT: Checkpoint = { ...NO_CHECKPOINT, firstRunOfOthersMs: 0 };

/** Reads and writes the checkpoint file of one directory. */
export class CheckpointStore {
  readonly path: string;
  readonly #directory: string;
  readonly #env: Env;
  readonly #log: Log;

  constructor(directory: string, env: Env, log: Log) {
    this.path = `${directory}/${FILE_NAME}`;
    this.#directory = directory;
    this.#env = env;
    this.#log = log;
  }

  /** Returns what was saved last; without positions when there is nothing, or nothing that can be understood. */
  load(): Checkpoint {
    const text = this.#tryRead();
    if (typeof text !== "string") return text;
    try {
      const { pipelines, firstRuns } = fileSchema.parse(JSON.parse(text));
      const positions = new Map(Object.entries(pipelines).map(([name, of]) => [name, new Map(Object.entries(of))]));
      const firstRunsMs = new Map(Object.entries(firstRuns));
      for (const name of positions.keys()) if (!firstRunsMs.has(name)) firstRunsMs.set(name, this.#savedMs());
      return { positions, firstRunsMs };
    } catch (error) {
      this.#setAside(error instanceof SyntaxError ? error.message : "it is not a checkpoint of this version");
      return LOST_CHECKPOINT;
    }
  }

  /** Replaces what was saved. Returns false when that failed; the old file is then still there. */
  async save({ positions, firstRunsMs }: Checkpoint): Promise<boolean> {
    const pipelines = Object.fromEntries([...positions].map(([name, sources]) => [name, Object.fromEntries(sources)]));
    const firstRuns = Object.fromEntries(firstRunsMs);
    try {
      this.#env.files.makeDirectory(this.#directory);
      await this.#env.files.writeAtomically(
        this.path,
        JSON.stringify({ version: VERSION, firstRuns, pipelines }) + "\n",
      );
      return true;
    } catch (error) {
      const consequence = "records since the last one would be repeated after a crash";
      this.#log.throttled("checkpoint", `Cannot write the checkpoint ${this.path}: ${reasonOf(error)}; ${consequence}`);
      return false;
    }
  }

  #tryRead(): string | Checkpoint {
    try {
      return this.#env.files.tryReadText(this.path) ?? NO_CHECKPOINT;
    } catch (error) {
      this.#log.warn(`Cannot read the checkpoint ${this.path}: ${reasonOf(error)}; starting without it`);
      return LOST_CHECKPOINT;
    }
  }

  /** A pipeline that an older version of the agent has saved ran before that, at the latest. */
  #savedMs(): number {
    return this.#env.files.tryStat(this.path)?.modifiedMs ?? 0;
  }

  #setAside(reason: string): void {
    const aside = `${this.path}.corrupt-${this.#env.now()}`;
    this.#log.warn(`The checkpoint ${this.path} cannot be used: ${reason}; kept as ${aside}, starting without it`);
    try {
      this.#env.files.rename(this.path, aside);
    } catch (error) {
      this.#log.warn(`Cannot rename ${this.path}: ${reasonOf(error)}`);
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
