/**
 * Decoders of the log files that container runtimes write: lines of the CRI or of Docker's json-file driver, told apart line by line.
 *
 * @module
 */
import type { Field } from "../core/batch.ts";
import type { MultilineRules } from "../core/multiline_options.ts";
import type { Tag } from "../core/source.ts";
import { type DecoderContext, LineDecoder } from "./line_decoder.ts";

/** What a pipeline wants of container logs. */
export interface ContainerLogOptions {
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly multiline: MultilineRules | undefined;
  /** Whether a record that was put together has the time of its first line, rather than that of its last. */
  readonly timeOfFirst: boolean;
  /** Whether lines that are of no runtime's form are dropped; otherwise they are content as a whole. */
  readonly dropsMalformed?: boolean;
  /** Whether contents may be JSON text, which those of Docker's are in its files; otherwise they are always texts. */
  readonly takesJsonText?: boolean;
}

/** Makes the decoder of one container's log. */
export function containerLogDecoder(options: ContainerLogOptions, context: DecoderContext): LineDecoder {
  const { stdout, stderr, multiline, timeOfFirst, dropsMalformed, takesJsonText } = options;
  const wanted = (stdout ? 1 : 0) | (stderr ? 2 : 0) | (dropsMalformed ? 4 : 0) | (takesJsonText ? 8 : 0);
  return new LineDecoder({
    decode: (kernel, size) => kernel.decodeContainerLog(size, wanted),
    fields: () => containerLogFields(context.source.tags),
    multiline,
    timeOfFirst,
    hasOffset: false,
  }, context);
}

/** Content, time and stream from the line, then the source's tags. */
function containerLogFields(tags: readonly Tag[]): readonly Field[] {
  return [
    { name: "content", column: 0, escape: true },
    { name: "_time_", column: 1, escape: false },
    { name: "_source_", column: 2, escape: false },
    ...tags.map(([name, text]) => ({ name, text })),
  ];
}
