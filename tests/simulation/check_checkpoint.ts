/**
 * Holds a checkpoint against what has arrived: no position may be beyond a line that has not.
 *
 * @module
 */
import type { Position } from "../../src/core/position.ts";
import type { Deliveries } from "./deliveries.ts";
import type { LogFile, PlacedLine, SimulatedContainer } from "./simulated_container.ts";

/** The positions in a checkpoint's text, by source; empty where there is none, or half of one. */
export function positionsIn(text: string | undefined): ReadonlyMap<string, Position> {
  return valuesIn(text);
}

/** The keys of the sources that are known by a list's text. */
export function sourcesIn(text: string | undefined): ReadonlySet<string> {
  return new Set(valuesIn(text).keys());
}

function valuesIn<Value>(text: string | undefined): ReadonlyMap<string, Value> {
  if (!text?.endsWith("}\n")) return new Map();
  const { pipelines = {} }: { pipelines?: Record<string, Record<string, Value>> } = JSON.parse(text);
  return new Map(Object.values(pipelines).flatMap((values) => Object.entries(values)));
}

/** @returns what is wrong with a container's position; undefined where nothing is. */
export function tryPositionProblem(
  container: SimulatedContainer,
  { identity, offset }: Position,
  deliveries: Deliveries,
): string | undefined {
  // A number may have been given to several files: the position is right where it is for one of them.
  const indexes = container.files.flatMap((file, index) => isPlace(file, identity.inode, offset) ? [index] : []);
  const isMissing = (line: PlacedLine) => !deliveries.isDecided(line);
  const missing = indexes.map((index) => linesBefore(container.files, index, offset).find(isMissing));
  const where = `${container.key}: the position ${identity.inode}:${offset}`;
  if (indexes.length === 0) return `${where} is in no file`;
  const first = missing.at(0);
  if (first === undefined || missing.includes(undefined)) return undefined;
  return `${where} is behind ${first.writer} ${first.number}, which has not arrived`;
}

/** @returns why a position is not behind everything that was written; undefined where it is. */
export function tryBehindProblem(container: SimulatedContainer, position: Position | undefined): string | undefined {
  // Where nothing was known of an older container only its newest file is read, and an empty one gives no position.
  if (position === undefined && container.files.at(-1)?.lines.length === 0) return undefined;
  if (position === undefined) return `${container.key} has no position in the end`;
  const { identity: { inode }, offset } = position;
  const isBehind = container.files.some((file, index) => {
    const isLast = container.files.slice(index + 1).every(({ lines }) => lines.length === 0);
    return isLast && isPlace(file, inode, offset) && file.lines.every(({ end }) => end <= offset);
  });
  return isBehind ? undefined : `${container.key}: the position ${inode}:${offset} is not at its end`;
}

function isPlace({ inodeNumber, inode }: LogFile, number: number, offset: number): boolean {
  return inodeNumber === number && offset <= inode.size;
}

function linesBefore(files: readonly LogFile[], index: number, offset: number): readonly PlacedLine[] {
  const earlier = files.slice(0, index).flatMap(({ lines }) => lines);
  return [...earlier, ...files[index].lines.filter(({ end }) => end <= offset)];
}
