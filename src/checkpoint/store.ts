/**
 * What is kept over restarts. The checkpoint file: every source's position, per pipeline, and since when each pipeline runs. Beside it a
 * file of what is known of the sources, which is written only when one comes or goes. One that cannot be understood is set aside: starting
 * over repeats records, which is better than not starting.
 *
 * @module
 */
import * as z from "zod";
import type { Env } from "../core/env.ts";
import type { KnownSourcesByPipeline } from "../core/known_source.ts";
import type { Log } from "../core/log.ts";
import { type Position, safePlace } from "../core/position.ts";
import { encodeRecords, placeSchema, recordsSchema } from "../core/position_json.ts";
import { StateFile } from "./state_file.ts";

const FILE_NAME = "sluice.checkpoint.json";
const SOURCES_FILE_NAME = "sluice.sources.json";
const VERSION = 1;

const count = z.number().int().nonnegative();
const positionSchema = placeSchema.extend({
  /** The end of what was handed out, and what is pending there; versions that do not know it begin before all of that. */
  exact: placeSchema.extend({ records: recordsSchema }).optional(),
}).transform(({ exact, ...safe }): Position => {
  if (exact === undefined) return safe;
  const { records, ...end } = exact;
  return { ...end, pending: { safe, records } };
});
const fileSchema = z.object({
  version: z.literal(VERSION),
  pipelines: z.record(z.string(), z.record(z.string(), positionSchema)),
  /** When each pipeline first ran; missing in files of versions that did not ask. */
  firstRuns: z.record(z.string(), z.number()).default({}),
});
const sourceSchema = z.object({
  input: count,
  tags: z.array(z.tuple([z.string(), z.string()])),
  container: z.object({
    runtime: z.enum(["containerd", "docker", "static"]),
    name: z.string(),
    createdMs: z.number(),
    pod: z.object({ namespace: z.string(), name: z.string() }).optional(),
  }),
});
const sourcesFileSchema = z.object({
  version: z.literal(VERSION),
  pipelines: z.record(z.string(), z.record(z.string(), sourceSchema)),
});

/** What is kept over restarts. */
export interface Checkpoint {
  /** By pipeline name, then by source key. */
  readonly positions: ReadonlyMap<string, ReadonlyMap<string, Position>>;
  /** When each pipeline first ran on this node, by its name; in milliseconds since the epoch. */
  readonly firstRunsMs: ReadonlyMap<string, number>;
  /** That of pipelines that are not named; undefined: they never did. */
  readonly firstRunOfOthersMs?: number;
  /** Undefined, where it is saved: the same as before. */
  readonly sources?: KnownSourcesByPipeline;
}

/** Nothing was saved. */
export const NO_CHECKPOINT: Checkpoint = { positions: new Map(), firstRunsMs: new Map() };

/** There was a checkpoint, and nobody knows what it said: everything may have been read, and everything is read again. */
const LOST_CHECKPOINT: Checkpoint = { ...NO_CHECKPOINT, firstRunOfOthersMs: 0 };

/** Reads and writes the files of one directory. */
export class CheckpointStore {
  readonly #positions: StateFile;
  readonly #sources: StateFile;

  constructor(directory: string, env: Env, log: Log) {
    const repeats = "records since the last one would be repeated after a crash";
    this.#positions = new StateFile(directory, FILE_NAME, { name: "checkpoint", consequence: repeats }, env, log);
    const leaves = "a container that goes while no agent runs would not be read to its end";
    const words = { name: "list of sources", consequence: leaves };
    this.#sources = new StateFile(directory, SOURCES_FILE_NAME, words, env, log);
  }

  /** The file of the positions. */
  get path(): string {
    return this.#positions.path;
  }

  /** Returns what was saved last; without positions when there is nothing, or nothing that can be understood. */
  load(): Checkpoint {
    const read = this.#sources.read((json) => mapsOf(sourcesFileSchema.parse(json).pipelines));
    const sources = read.kind === "read" && read.state.size > 0 ? { sources: read.state } : {};
    return { ...this.#loadPositions(), ...sources };
  }

  /** Replaces what was saved. Returns false when that failed; the old files are then still there, or one of them. */
  async save({ positions, firstRunsMs, sources }: Checkpoint): Promise<boolean> {
    const areKnown = sources === undefined ||
      await this.#sources.write({ version: VERSION, pipelines: objectsOf(sources, (source) => source) });
    const firstRuns = Object.fromEntries(firstRunsMs);
    const pipelines = objectsOf(positions, encodePosition);
    return await this.#positions.write({ version: VERSION, firstRuns, pipelines }) && areKnown;
  }

  #loadPositions(): Checkpoint {
    const read = this.#positions.read((json) => fileSchema.parse(json));
    if (read.kind !== "read") return read.kind === "lost" ? LOST_CHECKPOINT : NO_CHECKPOINT;
    const positions = mapsOf(read.state.pipelines);
    const firstRunsMs = new Map(Object.entries(read.state.firstRuns));
    // A pipeline that an older version of the agent has saved ran before that, at the latest.
    for (const name of positions.keys()) if (!firstRunsMs.has(name)) firstRunsMs.set(name, read.modifiedMs());
    return { positions, firstRunsMs };
  }
}

function mapsOf<Value>(objects: Record<string, Record<string, Value>>): Map<string, Map<string, Value>> {
  return new Map(Object.entries(objects).map(([name, values]) => [name, new Map(Object.entries(values))]));
}

function objectsOf<Value>(
  maps: ReadonlyMap<string, ReadonlyMap<string, Value>>,
  encode: (value: Value) => object,
): object {
  return Object.fromEntries([...maps].map(([name, values]) => {
    return [name, Object.fromEntries([...values].map(([key, value]) => [key, encode(value)]))];
  }));
}

function encodePosition(position: Position): object {
  const { identity, offset, pending } = position;
  if (pending === undefined) return position;
  return { ...safePlace(position), exact: { identity, offset, records: encodeRecords(pending.records) } };
}
