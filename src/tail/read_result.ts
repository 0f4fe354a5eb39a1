/**
 * What a look at a source can give, and what it depends on. Mostly shapes; `tailed_source.ts` fills them.
 *
 * @module
 */
import type { OpenFile } from "../core/env.ts";
import type { IdleFlush, LagLimits } from "../core/input.ts";
import type { FileIdentity, Position } from "../core/position.ts";

/** What a look at a source gave. */
export type ReadResult =
  /** `isLast`: bytes without a line's end that nothing will ever follow: their writer has gone on to another file, or is gone. */
  | { readonly kind: "bytes"; readonly size: number; readonly isLast: boolean }
  /** A file is begun, or what was read before was cut and is begun again; said anew while the place to go on is on its way. */
  | { readonly kind: "opened"; readonly identity: FileIdentity }
  /** A file was read to its end, and `next` is opened already. */
  | { readonly kind: "left"; readonly position: Position; readonly next: Pick<FileIdentity, "device" | "inode"> }
  /** Reading has jumped ahead from `offset`: what was begun there does not go on. */
  | { readonly kind: "skipped"; readonly offset: number }
  /** Nothing has come for so long that it is time to hand out what is held back. Said once in a silence. */
  | { readonly kind: "idle" }
  /** Nothing for now. */
  | { readonly kind: "quiet" }
  /** Everything was read, and nothing will ever come. */
  | { readonly kind: "ended" }
  /** The source was let go of before its end. */
  | { readonly kind: "released" };

/** How a source is read, beside what the source says itself. */
export interface TailOptions {
  /** Where reading stopped before; undefined for a source that was never read. */
  readonly position?: Position;
  readonly idleFlush?: IdleFlush;
  readonly lag?: LagLimits;
  /**
   * What others know of a file that comes next, where names move from file to file: "held" while another source reads it or has not
   * delivered all of it, then where that one's reading ended; undefined: it is a new one.
   */
  readonly tryKnown?: (file: OpenFile) => "held" | number | undefined;
}

export const QUIET: ReadResult = { kind: "quiet" };
export const IDLE: ReadResult = { kind: "idle" };
export const ENDED: ReadResult = { kind: "ended" };
export const RELEASED: ReadResult = { kind: "released" };
