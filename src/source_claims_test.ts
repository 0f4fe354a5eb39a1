import { assertEquals } from "@std/assert";
import { ClockEnv } from "../tests/support/clock_env.ts";
import { testKernel } from "../tests/support/kernel.ts";
import { RecordingLog } from "../tests/support/recording_log.ts";
import type { BuiltPipeline } from "./build_pipeline.ts";
import type { Decoder } from "./core/batch.ts";
import type { Input } from "./core/input.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { LeftFiles } from "./left_files.ts";
import { Pipeline } from "./pipeline.ts";
import { byPrecedence, SourceClaims } from "./source_claims.ts";

const kernel = testKernel();
const nobodyElse = () => false;

function pipeline(name: string): Pipeline {
  const parts = {
    kernel,
    flushers: [],
    processors: [],
    textOf: () => [],
    env: new ClockEnv(),
    log: new RecordingLog(),
  };
  return new Pipeline({ name, ...parts });
}

/** Has a pipeline read a source. */
function read(reader: Pipeline, key: string): void {
  const source = { key, path: `/${key}`, tags: [], start: "first" } as const;
  reader.add({ source, position: undefined, idleFlush: undefined, makeDecoder: () => ({}) as Decoder });
}

Deno.test("a source belongs to the first pipeline that reads it, as long as it does", () => {
  const claims = new SourceClaims();
  const [a, b] = [pipeline("a"), pipeline("b")];
  assertEquals(claims.tryOtherOwner("s", a, nobodyElse), undefined);
  read(a, "s");
  assertEquals(claims.tryOtherOwner("s", b, nobodyElse), a);
  assertEquals(claims.tryOtherOwner("s", a, nobodyElse), undefined);
  assertEquals(claims.tryOtherOwner("t", b, nobodyElse), undefined);
  claims.prune();
  assertEquals(claims.tryOtherOwner("s", b, nobodyElse), a);
});

Deno.test("a claim that nothing came of holds nobody up, and can be pruned", () => {
  const claims = new SourceClaims();
  const [a, b] = [pipeline("a"), pipeline("b")];
  claims.tryOtherOwner("s", a, nobodyElse);
  claims.prune();
  assertEquals(claims.tryOtherOwner("s", b, () => true), undefined);
  assertEquals(claims.tryOtherOwner("s", a, nobodyElse), undefined);
});

Deno.test("a source whose records are on their way, or whose file is in hand under another name, is not free", () => {
  const claims = new SourceClaims();
  const [a, b] = [pipeline("a"), pipeline("b")];
  claims.tryOtherOwner("s", a, nobodyElse);
  const identity = { device: 1, inode: 1, headBytes: 0, headHash: 0 };
  const ticket = a.ledger.issue("s", { identity, offset: 1 });
  claims.prune();
  assertEquals(claims.tryOtherOwner("s", b, nobodyElse), a);
  ticket.release();
  assertEquals(claims.tryOtherOwner("s", b, (owner) => owner === a), a);
  assertEquals(claims.tryOtherOwner("s", b, nobodyElse), undefined);
});

Deno.test("the pipeline with the deepest base directory is asked first, then the oldest, then by name", () => {
  const built = (name: string, createTime: number, ...depths: (number | undefined)[]): BuiltPipeline => ({
    name,
    createTime,
    left: new LeftFiles(),
    takesJsonText: false,
    // Of an input only this matters here.
    inputs: depths.map((baseDepth) =>
      ({ exclusive: baseDepth === undefined ? undefined : { baseDepth } }) as Input<Kernel>
    ),
    pipeline: pipeline(name),
  });
  const asked = [
    built("shared", 1, undefined),
    built("z", Infinity, 2),
    built("young", 20, 2),
    built("old", 10, 2),
    built("a", Infinity, 2),
    built("deep", 30, 1, 3),
  ].toSorted(byPrecedence);
  assertEquals(asked.map(({ name }) => name), ["deep", "old", "young", "a", "z", "shared"]);
});
