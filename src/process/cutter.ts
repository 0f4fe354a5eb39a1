/**
 * Ways to cut the values of a column into pieces, which are columns: at separators, into pairs, into the members of JSON objects or the
 * groups of a regular expression. Owns the columns and what the kernel has to know.
 *
 * @module
 */
import type { RowRun } from "../core/batch.ts";
import { CompiledCaptures } from "../kernel/captures/compile_captures.ts";
import { CAPTURED, type KernelColumns } from "../kernel/kernel_columns.ts";
import type { CutRules, PairRules } from "../kernel/text_finders.ts";

/** What pieces are; `members`: those of JSON objects, as the original's native parser has them. */
export type CuttingRules = CutRules | PairRules | "members" | CompiledCaptures;

/** In place of a number of pieces: the row is the host's. */
const HOST = -1;

/** Cuts the values of rows. */
export interface Cutter {
  /** Where the pieces are. */
  readonly firstColumn: number;
  readonly columnsMax: number;
  /** @returns for each row how it was cut, or a negative number: it is the host's; undefined where there is no room. */
  tryCut(column: number, run: RowRun): Int32Array | undefined;
  /** The pieces of a row that was cut so: their number, and their names where they have some. */
  piecesOf(cut: number): { readonly count: number; readonly names: readonly string[] };
  /** Whether pieces are JSON text. */
  readonly isJsonText: boolean;
  /** Makes room: what has been said of rows does not hold any more. */
  forget(): void;
}

/** @returns undefined where there is no room for it. */
export function tryMakeCutter(rules: CuttingRules, columns: KernelColumns): Cutter | undefined {
  if (rules instanceof CompiledCaptures) return tryMakeGroupCutter(rules, columns);
  if (rules === "members" || "delimiter" in rules) {
    const isJsonText = rules === "members";
    const scanner = isJsonText ? columns.tryMakeScanner(1, true) : columns.tryMakePairScanner(rules);
    return scanner && {
      firstColumn: scanner.firstColumn,
      columnsMax: scanner.columnsMax,
      isJsonText,
      tryCut: (column, { rowFrom, rowTo }) => scanner.scan(column, rowFrom, rowTo) ? scanner.shapes : undefined,
      piecesOf: (shape) => {
        const names = scanner.valuesOf(shape).map(([name]) => name);
        return { count: names.length, names };
      },
      forget: () => scanner.forget(),
    };
  }
  const firstColumn = columns.tryReserve(rules.columns);
  return firstColumn === undefined ? undefined : {
    firstColumn,
    columnsMax: rules.columns,
    isJsonText: false,
    tryCut: (column, run) => columns.cut(column, run, firstColumn, rules),
    piecesOf: (count) => ({ count, names: [] }),
    forget: () => {},
  };
}

/** Rows that do not match, or with a group that took no part, are the host's. */
function tryMakeGroupCutter(captures: CompiledCaptures, columns: KernelColumns): Cutter | undefined {
  const { groups, areCertain } = captures;
  const firstColumn = columns.tryReserve(groups);
  const program = firstColumn === undefined ? undefined : columns.tryPlace(captures);
  if (firstColumn === undefined || program === undefined) return undefined;
  const hasAll = (row: number): boolean => {
    if (columns.status(row) !== CAPTURED) return false;
    return areCertain || Array.from({ length: groups }).every((_, group) => columns.has(firstColumn + group, row));
  };
  let cuts = new Int32Array(0);
  const tryCut = (column: number, run: RowRun): Int32Array => {
    const others = columns.capture(program, groups, column, run, firstColumn);
    if (cuts.length < run.rowTo) cuts = new Int32Array(run.rowTo);
    if (others === 0 && areCertain) return cuts.fill(groups, run.rowFrom, run.rowTo);
    for (let row = run.rowFrom; row < run.rowTo; row++) cuts[row] = hasAll(row) ? groups : HOST;
    return cuts;
  };
  const piecesOf = (count: number) => ({ count, names: [] });
  return { firstColumn, columnsMax: groups, isJsonText: false, tryCut, piecesOf, forget: () => {} };
}
