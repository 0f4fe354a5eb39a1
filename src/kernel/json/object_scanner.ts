/**
 * Has the kernel scan JSON objects in a column: each value becomes a column of its own, as the inside of a JSON string
 * (`../assembly/json.ts`); or pairs, whose values become columns as they are (`../assembly/pairs.ts`).
 *
 * @module
 */
import type { ShapeTree, ValuePath } from "./shape_tree.ts";

/** What is said of a row that has no shape: its text is no object; the host is to look at it; there is no room for another shape. */
export const NO_OBJECT = -1;
export const ASKS_HOST = -2;

/** What scanning says: there was no room for all shapes; all rows have the same. */
const NO_ROOM = 0;
const ALL_THE_SAME = 2;

/** Scans rows; see `assembly/json.ts`. */
export type ScanRows = (
  scanner: number,
  source: number,
  rowFrom: number,
  rowTo: number,
  firstColumn: number,
) => number;

/** One scanner of one kernel. */
export class ObjectScanner {
  /** Where an object's first value is; the others follow. */
  readonly firstColumn: number;
  readonly columnsMax: number;
  /** What the last scan says of each row: its shape, or one of the numbers above. */
  readonly shapes: Int32Array;
  readonly #tree: ShapeTree;
  readonly #scanRows: ScanRows;
  #said = NO_ROOM;

  constructor(
    tree: ShapeTree,
    place: { readonly firstColumn: number; readonly columnsMax: number; readonly shapes: Int32Array },
    scanRows: ScanRows,
  ) {
    this.firstColumn = place.firstColumn;
    this.columnsMax = place.columnsMax;
    this.shapes = place.shapes;
    this.#tree = tree;
    this.#scanRows = scanRows;
  }

  /** Scans the texts of a column. @returns whether there was room for the shapes of all rows. */
  scan(source: number, rowFrom: number, rowTo: number): boolean {
    this.#said = this.#scanRows(this.#tree.address, source, rowFrom, rowTo, this.firstColumn);
    return this.#said !== NO_ROOM;
  }

  /** Whether it is known that all rows of the last scan are objects of the same shape. */
  get areAllTheSame(): boolean {
    return this.#said === ALL_THE_SAME;
  }

  /** What leads to the values of objects with this shape, in the order of their columns. */
  valuesOf(shape: number): readonly ValuePath[] {
    return this.#tree.valuesOf(shape);
  }

  /** Forgets all shapes: their numbers will be given to others. */
  forget(): void {
    this.#tree.forget();
  }
}
