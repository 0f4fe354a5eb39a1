/**
 * A pipeline that reads real files on a clock that stands still, and what comes out of it, for tests of the whole loop.
 *
 * @module
 */
import type { Container } from "../../src/core/container.ts";
import type { Flusher } from "../../src/core/flusher.ts";
import type { Source } from "../../src/core/source.ts";
import { containerLogDecoder, type ContainerLogOptions } from "../../src/decode/container_log.ts";
import { plainLineDecoder, type PlainLineOptions } from "../../src/decode/plain_lines.ts";
import { FlusherStdout } from "../../src/deliver/flusher_stdout.ts";
import { tutorialForm } from "../../src/encode/tutorial_form.ts";
import {
  type LeftFile,
  type MakeDecoder,
  Pipeline,
  type PipelineOptions,
  READ_BYTES,
  type SourcePlan,
} from "../../src/pipeline.ts";
import { ClockEnv } from "./clock_env.ts";
import { testKernel } from "./kernel.ts";
import { RecordingLog } from "./recording_log.ts";

/** The beginning of a line in a container's log. */
export const HEAD = "2022-07-13T23:45:54.976593653+08:00 stdout";
/** Longer than the tailer's pauses and its patience with a replaced file together. */
const QUIET_MS = 40_000;

/** Stops the pipeline when nothing has been written for a while. */
class QuietEnv extends ClockEnv {
  stop = new AbortController();
  #seenBytes = 0;
  #quietSinceMs = 0;
  #quietMs = QUIET_MS;

  override sleep(ms: number): Promise<void> {
    if (this.stdout.length !== this.#seenBytes) this.#quietSinceMs = this.now();
    this.#seenBytes = this.stdout.length;
    if (this.now() - this.#quietSinceMs > this.#quietMs) this.stop.abort();
    return super.sleep(ms);
  }

  /** @returns a signal that aborts when nothing has been written for `quietMs`. */
  restart(quietMs = QUIET_MS): AbortSignal {
    this.#quietMs = quietMs;
    this.stop = new AbortController();
    this.#quietSinceMs = this.now();
    return this.stop.signal;
  }
}

const CONTAINER_LOG: ContainerLogOptions = { stdout: true, stderr: true, multiline: undefined, timeOfFirst: false };

const PLAIN_LINES: PlainLineOptions = { multiline: undefined, offsetKey: undefined, inodeKey: undefined };

/** Makes decoders of container logs. */
function containerLog(source: Source): MakeDecoder {
  return (kernel, counts) => containerLogDecoder(CONTAINER_LOG, { kernel, source, counts, nowSeconds: () => 0 });
}

/** Makes decoders of files whose lines are records. */
export function plainLines(source: Source): MakeDecoder {
  return (kernel, counts) => plainLineDecoder(PLAIN_LINES, { kernel, source, counts, nowSeconds: () => 0 });
}

/** What is said of a source beside its name. */
type PlanPart = Partial<Pick<SourcePlan, "position" | "idleFlush" | "lag" | "namesMove">>;

function printing({ kernel, env }: PipelineScene): Flusher {
  return new FlusherStdout(kernel, tutorialForm(), env);
}

/** A pipeline that reads logs in a temporary directory and prints them. */
export class PipelineScene implements Disposable {
  readonly directory: string;
  readonly env = new QuietEnv();
  readonly log = new RecordingLog();
  readonly kernel = testKernel({ chunkBytesMin: READ_BYTES });
  readonly left: LeftFile[] = [];
  readonly pipeline: Pipeline;

  /** @param directory where the logs are; undefined: in a new one. It is removed in the end. */
  constructor(
    makeFlusher: (scene: PipelineScene) => Flusher = printing,
    options: Partial<PipelineOptions> = {},
    directory?: string,
  ) {
    this.directory = directory ?? Deno.makeTempDirSync({ prefix: "sluice-pipeline-" });
    this.pipeline = new Pipeline({
      name: "p",
      kernel: this.kernel,
      flushers: [makeFlusher(this)],
      processors: [],
      textOf: () => [],
      env: this.env,
      log: this.log,
      onLeft: (file) => this.left.push(file),
      ...options,
    });
  }

  pathOf(key: string): string {
    return `${this.directory}/${key}.log`;
  }

  append(key: string, text: string): void {
    Deno.writeTextFileSync(this.pathOf(key), text, { append: true });
  }

  /** Begins to read the log of that name. */
  add(key: string, part: PlanPart = {}, decoding = containerLog): void {
    // Of a container only the id matters here.
    const container = { id: key } as Container;
    const source: Source = { key, path: this.pathOf(key), container, tags: [["source", key]], start: "first" };
    this.pipeline.add({ source, position: undefined, idleFlush: undefined, ...part, makeDecoder: decoding(source) });
  }

  /** Runs until nothing has come for `quietMs`. Returns what was printed: contents by source, in order. */
  async run(quietMs?: number): Promise<Record<string, string[]>> {
    this.env.stdout = "";
    await this.pipeline.run(this.env.restart(quietMs));
    const contents: Record<string, string[]> = {};
    for (const line of this.env.stdout.split("\n").filter((line) => line !== "")) {
      const { Contents }: { Contents: { Key: string; Value: string }[] } = JSON.parse(line);
      const valueOf = (key: string) => Contents.find(({ Key }) => Key === key)?.Value ?? "";
      (contents[valueOf("source")] ??= []).push(valueOf("content"));
    }
    return contents;
  }

  /** How far a source is settled. */
  offsetOf(key: string): number | undefined {
    return this.pipeline.ledger.position(key)?.offset;
  }

  [Symbol.dispose](): void {
    void this.pipeline.stop(0);
    Deno.removeSync(this.directory, { recursive: true });
  }
}
