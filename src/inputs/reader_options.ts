/**
 * Options of how files are read, which `input_file` and `input_container_stdio` share.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/file_server/reader/FileReaderOptions.cpp
 *
 * @module
 */
import { type MultilineRules, multilineSection } from "../core/multiline_options.ts";
import { atLeast, withoutEffect } from "../core/option_notes.ts";
import { choice, integer, type OptionType } from "../core/options.ts";

/** How the text of a file is encoded; "utf16" is little-endian unless the file says otherwise. */
export type FileEncoding = "utf8" | "gbk" | "utf16";

/** How a file is read. */
export interface ReaderOptions {
  readonly encoding: FileEncoding;
  /** How many bytes before its end a file that was never read is begun; undefined: at its first byte. */
  readonly startBytesBeforeEndMax: number | undefined;
  /** After so long without news, a line without an end and a record of several lines count as complete. */
  readonly flushTimeoutMs: number;
  /** A file whose unread rest is longer is read on near its end, and what is between is lost; 0: never. */
  readonly skipAboveBytes: number;
  /** A file whose unread rest is longer is warned of. */
  readonly warnAboveBytes: number;
  /** Undefined: every line is a record. */
  readonly multiline: MultilineRules | undefined;
  /** A longer record is cut. */
  readonly lineBytesMax: number;
}

const TAIL_KB_MAX = 104_857_600;
/** An unread rest that is worth a warning. */
export const DELAY_BYTES_WARNED = 200 * 1024 * 1024;
/** The original's read buffer, in which a record must fit. */
const LINE_BYTES_MAX = 512 * 1024;
const BYTES_PER_KB = 1024;

/** How many KiB of a file that was never read are read; undefined: all of it (the original: 1024). */
export function tailSizeKb(): OptionType<number | undefined> {
  return integer({ min: 0, max: TAIL_KB_MAX }).optional();
}

/** `utf8`, `gbk` or `utf16`, in any case. */
export function fileEncoding(): OptionType<FileEncoding> {
  return choice(["utf8", "gbk", "utf16"]).default("utf8");
}

/** The options of reading, `FileEncoding` left to the input. */
export function readerShape() {
  return {
    TailSizeKB: tailSizeKb(),
    FlushTimeoutSecs: atLeast(1, 60),
    ReadDelaySkipThresholdBytes: integer({ min: 0 }).default(0),
    ReadDelayAlertThresholdBytes: integer({ min: 0 }).default(DELAY_BYTES_WARNED),
    CloseUnusedReaderIntervalSec: withoutEffect(integer({ min: 0 })),
    RotatorQueueSize: withoutEffect(integer({ min: 0 })),
    Multiline: multilineSection(),
  };
}

/** What `readerShape` has read, and the encoding. */
export interface GivenReaderOptions {
  readonly FileEncoding: FileEncoding;
  readonly TailSizeKB?: number;
  readonly FlushTimeoutSecs: number;
  readonly ReadDelaySkipThresholdBytes: number;
  readonly ReadDelayAlertThresholdBytes: number;
  readonly Multiline?: MultilineRules;
}

/** Brings the options of reading into the units in which they are used. */
export function readerOptions(given: GivenReaderOptions): ReaderOptions {
  return {
    encoding: given.FileEncoding,
    startBytesBeforeEndMax: given.TailSizeKB === undefined ? undefined : given.TailSizeKB * BYTES_PER_KB,
    flushTimeoutMs: given.FlushTimeoutSecs * 1000,
    skipAboveBytes: given.ReadDelaySkipThresholdBytes,
    warnAboveBytes: given.ReadDelayAlertThresholdBytes,
    multiline: given.Multiline,
    lineBytesMax: LINE_BYTES_MAX,
  };
}
