/**
 * A kernel whose memory is full of known bytes, and which is watched: each call may write the regions that are its own and no other
 * byte, and each row must point into what was read or into the arena.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { assert } from "@std/assert";
import { CAPTURE_SCRATCH_BYTES } from "../../src/kernel/captures/compile_captures.ts";
import type { Kernel } from "../../src/kernel/kernel.ts";
import { STATE_BYTES } from "../../src/kernel/kernel_state.ts";
import {
  COLUMNS_MAX,
  ENVELOPE_BYTES_MAX,
  FRAME_BYTES_MAX,
  type KernelLimits,
  type Layout,
  planLayout,
  TEMPLATES_BYTES,
} from "../../src/kernel/layout.ts";
import { testKernel } from "../support/kernel.ts";

/** Wide stores may go so far beyond a region; see `src/kernel/assembly/bytes.ts`. */
const WIDE_BYTES = 16;
const TIME_BYTES_MAX = 64;
const TABLE_BYTES = 32 * 1024;
/** Writes that go too far are mostly found so near. */
const NEAR_BYTES = 4096;

/** A part of the memory. */
type Region = readonly [start: number, bytes: number];

/** Names of what a call may write. */
export type RegionName =
  | ("own" | "state" | "times" | "columns" | "joins" | "arena" | "template" | "envelope" | "texts" | "patterns")
  | ("captures" | "statuses" | "shapes" | "table" | `slot ${number}`);

/** What the kernel may write at any time. */
const ALWAYS: readonly RegionName[] = ["own", "state"];

const PLACED: readonly RegionName[] = [...ALWAYS, "template", "envelope", "patterns"];

/** Kernels that are used again: thousands of memories are too many for the engine's own accounts. */
export class GuardedKernels {
  readonly #usesMax: number;
  readonly #kernels = new Map<string, { readonly guarded: GuardedKernel; uses: number }>();

  /** @param usesMax a kernel has room for the expressions of so many cases. */
  constructor(usesMax = Infinity) {
    this.#usesMax = usesMax;
  }

  /**
   * A kernel that nobody else of this case has.
   *
   * @param filler what the memory is full of where nothing is; @param number tells apart those that a case has at once.
   */
  take(limits: Partial<KernelLimits>, filler: number, number = 0): GuardedKernel {
    const key = JSON.stringify([limits, number]);
    const known = this.#kernels.get(key);
    const entry = known && known.uses < this.#usesMax ? known : { guarded: new GuardedKernel(limits), uses: 0 };
    this.#kernels.set(key, entry);
    entry.uses++;
    entry.guarded.fill(filler);
    return entry.guarded;
  }
}

/** A kernel with guards. */
export class GuardedKernel {
  readonly kernel: Kernel;
  readonly layout: Layout;
  readonly #before: Uint8Array;
  readonly #regions: ReadonlyMap<RegionName, readonly Region[]>;

  constructor(limits: Partial<KernelLimits>) {
    this.kernel = testKernel(limits);
    this.layout = planLayout(this.kernel.limits);
    this.#regions = regionsOf(this.layout);
    this.#before = this.kernel.memory.slice();
  }

  /** Fills the memory, but for what the host has placed for good. */
  fill(filler: number): void {
    for (const [start, end] of gapsBetween(this.#allowed(PLACED), this.kernel.memory.length)) {
      this.kernel.memory.fill(filler, start, end);
    }
    this.settle();
  }

  /** Calls `action`, which may write what is named. @throws {Error} where it has written anything else. */
  watch<Result>(allowed: readonly RegionName[], action: () => Result): Result {
    const result = action();
    this.#check(allowed);
    return result;
  }

  /** What was written is as it should be: from now on it must stay. */
  settle(): void {
    this.#before.set(this.kernel.memory);
  }

  /** Compares every byte: `watch` looks at those near what may be written only. */
  finish(): void {
    for (const [start, end] of gapsBetween(this.#allowed(ALWAYS), this.kernel.memory.length)) {
      this.#compare(start, end, []);
    }
  }

  /** Puts bytes into the chunk. */
  place(bytes: Uint8Array): void {
    this.kernel.chunk.set(bytes);
    this.#before.set(bytes, this.layout.chunk);
  }

  /** Checks what decoding the first `size` bytes of the chunk has left. */
  checkRows(rows: number, size: number, columns: readonly number[]): void {
    const { layout, kernel } = this;
    assert(rows >= 0 && rows <= layout.rowsRoom, `${rows} rows where ${layout.rowsRoom} have room`);
    const used = kernel.get("arenaUsed");
    assert(used >= 0 && used <= layout.arenaBytes, `${used} bytes in an arena of ${layout.arenaBytes}`);
    const homes: Region[] = [[layout.chunk, size], [layout.arena, used], [layout.state, STATE_BYTES]];
    for (const column of columns) {
      for (let row = 0; row < rows; row++) this.#checkSlice(column, row, homes);
    }
  }

  /** Checks that slices of rows [rowFrom, rowTo) of a column lie in the chunk or in what is used of the arena. */
  checkMade(rowFrom: number, rowTo: number, column: number): void {
    const { chunk, chunkBytes, arena, state } = this.layout;
    const homes: Region[] = [[chunk, chunkBytes], [arena, this.kernel.get("arenaUsed")], [state, STATE_BYTES]];
    for (let row = rowFrom; row < rowTo; row++) this.#checkSlice(column, row, homes);
  }

  /** Checks that a column's slices lie inside of those of another, or are not there. */
  checkParts(rows: number, column: number, whole: number): void {
    for (let row = 0; row < rows; row++) {
      if (!this.kernel.columns.has(column, row)) continue;
      this.#checkSlice(column, row, [this.#regionOf(this.kernel.slice(whole, row))]);
    }
  }

  #checkSlice(column: number, row: number, homes: readonly Region[]): void {
    const view = new DataView(this.kernel.memory.buffer);
    const at = this.layout.columns + (column * 2 * this.layout.rowsRoom + row) * 4;
    const [start, end] = [view.getInt32(at, true), view.getInt32(at + this.layout.rowsRoom * 4, true)];
    const isHome = homes.some(([home, bytes]) => start >= home && start <= end && end <= home + bytes);
    assert(isHome, `column ${column} of row ${row} is [${start}, ${end}), outside of ${JSON.stringify(homes)}`);
  }

  #regionOf(slice: Uint8Array): Region {
    return [slice.byteOffset, slice.length];
  }

  #check(allowed: readonly RegionName[]): void {
    const regions = this.#allowed(allowed);
    for (const [start, end] of gapsBetween(regions, this.kernel.memory.length)) {
      this.#compare(start, Math.min(end, start + NEAR_BYTES), allowed);
      this.#compare(Math.max(start, end - NEAR_BYTES), end, allowed);
    }
    for (const [start, bytes] of regions) {
      this.#before.set(this.kernel.memory.subarray(start, start + bytes + WIDE_BYTES), start);
    }
  }

  #compare(start: number, end: number, allowed: readonly RegionName[]): void {
    const now = Buffer.from(this.kernel.memory.buffer, start, end - start);
    if (now.equals(this.#before.subarray(start, end))) return;
    const at = start + now.findIndex((byte, index) => byte !== this.#before[start + index]);
    throw new Error(`address ${at} (${this.#nameOf(at)}) was written, allowed are ${allowed.join(", ")}`);
  }

  #allowed(names: readonly RegionName[]): Region[] {
    return names.flatMap((name) => this.#regions.get(name) ?? []);
  }

  #nameOf(address: number): string {
    const inside = ([, regions]: readonly [string, readonly Region[]]) =>
      regions.some(([start, bytes]) => address >= start && address < start + bytes + WIDE_BYTES);
    return [...this.#regions].find(inside)?.[0] ?? "nobody's, or the chunk";
  }
}

function regionsOf(layout: Layout): ReadonlyMap<RegionName, readonly Region[]> {
  const { state, columns, rowsRoom, joinStdout, joinStderr, chunkBytes } = layout;
  const regions = new Map<RegionName, readonly Region[]>([
    ["own", [[0, state - WIDE_BYTES]]],
    ["state", [[state, STATE_BYTES]]],
    ["times", [[layout.times, rowsRoom * 4]]],
    ["columns", [[columns, rowsRoom * 8 * COLUMNS_MAX]]],
    ["joins", [joinStdout, joinStderr].map((join) => [join - TIME_BYTES_MAX, TIME_BYTES_MAX + chunkBytes] as const)],
    ["arena", [[layout.arena, layout.arenaBytes]]],
    ["template", [[layout.templates, TEMPLATES_BYTES]]],
    ["envelope", [[layout.envelope, ENVELOPE_BYTES_MAX]]],
    ["texts", [[layout.texts, layout.textsBytes]]],
    ["patterns", [[layout.patterns, layout.patternsBytes]]],
    ["captures", [[layout.captures, CAPTURE_SCRATCH_BYTES]]],
    ["statuses", [[layout.statuses, rowsRoom]]],
    ["shapes", [[layout.shapes, rowsRoom * 4]]],
    ["table", [[layout.compressionTable, TABLE_BYTES]]],
  ]);
  layout.batches.forEach((batch, index) => regions.set(`slot ${index}`, slotRegions(layout, batch, index)));
  return regions;
}

function slotRegions(layout: Layout, batch: number, index: number): readonly Region[] {
  return [
    [batch - FRAME_BYTES_MAX, FRAME_BYTES_MAX + layout.unpackedRoomBytes],
    [layout.packed[index] - FRAME_BYTES_MAX, FRAME_BYTES_MAX + layout.packedRoomBytes],
  ];
}

/** What lies between regions and the bytes behind them that wide stores may touch. */
function gapsBetween(regions: readonly Region[], end: number): (readonly [start: number, end: number])[] {
  const sorted = regions.toSorted(([a], [b]) => a - b);
  const starts = [0, ...sorted.map(([start, bytes]) => start + bytes + WIDE_BYTES)];
  const ends = [...sorted.map(([start]) => start), end];
  return starts.map((start, index) => [start, ends[index]] as const).filter(([from, to]) => from < to);
}
