/**
 * The checkpoint file: every source's position, per pipeline. Written as a whole, atomically; a file that cannot be understood is set
 * aside, never fatal: starting over repeats records, which is better than not starting.
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
});

/** Positions by pipeline name, then by source key. */
export type Checkpoint = ReadonlyMap<string, ReadonlyMap<string, Position>>;

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

  /** Returns what was saved last; empty when there is nothing, or nothing that can be understood. */
  load(): Checkpoint {
    const text = this.#tryRead();
    if (text === undefined) return new Map();
    try {
      const { pipelines } = fileSchema.parse(JSON.parse(text));
      return new Map(Object.entries(pipelines).map(([name, sources]) => [name, new Map(Object.entries(sources))]));
    } catch (error) {
      this.#setAside(error instanceof SyntaxError ? error.message : "it is not a checkpoint of this version");
      return new Map();
    }
  }

  /** Replaces the saved positions. Returns false when that failed; the old file is then still there. */
  async save(checkpoint: Checkpoint): Promise<boolean> {
    const pipelines = Object.fromEntries([...checkpoint].map(([name, sources]) => [name, Object.fromEntries(sources)]));
    try {
      this.#env.files.makeDirectory(this.#directory);
      await this.#env.files.writeAtomically(this.path, JSON.stringify({ version: VERSION, pipelines }) + "\n");
      return true;
    } catch (error) {
      const consequence = "records since the last one would be repeated after a crash";
      this.#log.throttled("checkpoint", `Cannot write the checkpoint ${this.path}: ${reasonOf(error)}; ${consequence}`);
      return false;
    }
  }

  #tryRead(): string | undefined {
    try {
      return this.#env.files.tryReadText(this.path);
    } catch (error) {
      this.#log.warn(`Cannot read the checkpoint ${this.path}: ${reasonOf(error)}; starting without it`);
      return undefined;
    }
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
