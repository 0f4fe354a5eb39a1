/**
 * Decoders of text files whose lines are records, or parts of them, as they are.
 *
 * @module
 */
import type { Field } from "../core/batch.ts";
import type { MultilineRules } from "../core/multiline_options.ts";
import type { FileIdentity } from "../core/position.ts";
import { type DecoderContext, LineDecoder, type LineFormat } from "./line_decoder.ts";

/** What a pipeline wants of a file's lines. */
export interface PlainLineOptions {
  readonly multiline: MultilineRules | undefined;
  /** The field that gets a record's offset in its file; undefined: none. */
  readonly offsetKey: string | undefined;
  /** The field that gets the file's inode; undefined: none. */
  readonly inodeKey: string | undefined;
}

const OFFSET_COLUMN = 3;

/** Makes the decoder of one file. */
export function plainLineDecoder(options: PlainLineOptions, context: DecoderContext): LineDecoder {
  return new LineDecoder(plainLineFormat(options, context), context);
}

/** How the lines of a file in UTF-8 are decoded. */
export function plainLineFormat(options: PlainLineOptions, { source }: DecoderContext): LineFormat {
  const { multiline, offsetKey, inodeKey } = options;
  return {
    decode: (kernel, size) => kernel.decodeLines(size),
    fields: (identity) => [
      { name: "content", column: 0, escape: true },
      ...source.tags.map(([name, text]) => ({ name, text })),
      ...inodeField(inodeKey, identity),
      ...(offsetKey === undefined ? [] : [{ name: offsetKey, column: OFFSET_COLUMN, escape: false }]),
    ],
    multiline,
    timeOfFirst: true,
    hasOffset: offsetKey !== undefined,
  };
}

function inodeField(name: string | undefined, identity: FileIdentity | undefined): readonly Field[] {
  return name === undefined || identity === undefined ? [] : [{ name, text: String(identity.inode) }];
}
