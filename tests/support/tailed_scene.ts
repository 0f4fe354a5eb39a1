/**
 * A log that is written, rotated and read, with real files and a clock that stands still, for tests of tailing.
 *
 * @module
 */
import type { Position } from "../../src/core/position.ts";
import type { Source } from "../../src/core/source.ts";
import type { ReadResult, TailOptions } from "../../src/tail/read_result.ts";
import { TailedSource } from "../../src/tail/tailed_source.ts";
import { ClockEnv } from "./clock_env.ts";
import { RecordingLog } from "./recording_log.ts";

/** What differs from a log of the node. */
type Part = Partial<Pick<Source, "path" | "files" | "watch">>;

/** A directory with a log that can be written, rotated and read. */
export class TailedScene implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "sluice-tail-" });
  readonly path = `${this.directory}/0.log`;
  readonly env = new ClockEnv();
  readonly log = new RecordingLog();
  readonly #buffer = new Uint8Array(1000);
  #opened: TailedSource[] = [];

  append(text: string, path = this.path): void {
    Deno.writeTextFileSync(path, text, { append: true });
  }

  rotate(suffix: string): void {
    Deno.renameSync(this.path, `${this.path}.${suffix}`);
  }

  /** Makes a source of the log, or of another path. */
  open(position?: Position, start: Source["start"] = "first", options: TailOptions & Part = {}): TailedSource {
    const { path = this.path, files, watch } = options;
    const source = { key: "k", path, files, watch, tags: [], start };
    const tailed = new TailedSource(source, { ...options, position }, this.env, this.log);
    this.#opened.push(tailed);
    return tailed;
  }

  /** Reads until something other than a begun file comes. */
  read(tailed: TailedSource, into = this.#buffer): ReadResult {
    for (;;) {
      const result = tailed.read(into);
      if (result.kind !== "opened" && result.kind !== "left") return result;
    }
  }

  /** Reads until nothing comes for longer than paths are looked at, whole bytes, and returns all of it. */
  drain(tailed: TailedSource): string {
    let text = "";
    for (let quiet = 0; quiet < 245;) {
      const result = this.read(tailed);
      if (result.kind === "bytes") {
        text += new TextDecoder().decode(this.#buffer.subarray(0, result.size));
        tailed.advance(tailed.offset + result.size);
        quiet = 0;
      } else if (result.kind === "quiet") {
        quiet++;
        this.env.pass(500);
      } else return `${text}<${result.kind}>`;
    }
    return text;
  }

  [Symbol.dispose](): void {
    for (const tailed of this.#opened) tailed.close();
    Deno.removeSync(this.directory, { recursive: true });
  }
}
