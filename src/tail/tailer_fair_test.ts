import { assert } from "@std/assert";
import { seededRandom } from "../../tests/support/random.ts";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { TailedSource } from "./tailed_source.ts";
import { Tailer } from "./tailer.ts";

const QUIET = 99;
const TURN_BYTES = 1024;
const DURATION_MS = 60_000;
/** What reading and delivering one turn takes. */
const TURN_MS = 2;

/** The delays, in milliseconds, of lines that quiet sources write now and then, in order. @param floods whether another one never ends. */
function delays(floods: boolean): number[] {
  const random = seededRandom(`quiet sources ${floods ? "beside a flood" : "alone"}`);
  const directory = Deno.makeTempDirSync({ prefix: "sluice-fair-" });
  const env = new ClockEnv();
  const tailer = new Tailer(env);
  const pathOf = (index: number) => `${directory}/${index}.log`;
  for (let index = 0; index <= QUIET; index++) {
    Deno.writeTextFileSync(pathOf(index), "");
    const source = { key: String(index), path: pathOf(index), tags: [], start: "first" as const };
    tailer.add(new TailedSource(source, {}, env, new RecordingLog()));
  }
  const flood = "f".repeat(TURN_BYTES);
  const into = new Uint8Array(TURN_BYTES);
  const writtenMs = new Map<string, number[]>();
  const found: number[] = [];
  const startMs = env.now();
  for (let nextMs = startMs; env.now() < startMs + DURATION_MS;) {
    for (; nextMs <= env.now(); nextMs += random.integer(1, 40)) {
      const index = random.integer(1, QUIET);
      Deno.writeTextFileSync(pathOf(index), "q", { append: true });
      writtenMs.set(String(index), [...writtenMs.get(String(index)) ?? [], env.now()]);
    }
    if (floods) Deno.writeTextFileSync(pathOf(0), flood, { append: true });
    const reading = tailer.tryNext(into);
    if (reading === undefined) env.pass(TURN_MS);
    if (reading?.result.kind !== "bytes") continue;
    const { tailed, result } = reading;
    env.pass(TURN_MS);
    tailed.advance(tailed.offset + result.size);
    for (const ms of writtenMs.get(tailed.source.key)?.splice(0, result.size) ?? []) found.push(env.now() - ms);
  }
  tailer.close();
  Deno.removeSync(directory, { recursive: true });
  return found.sort((a, b) => a - b);
}

// A source that always has something must not keep the others waiting for more than their turns.
Deno.test("one source that floods does not starve 99 quiet ones: they wait for turns, and no longer", () => {
  const [alone, flooded] = [delays(false), delays(true)];
  const p99 = (values: number[]) => values[Math.floor(values.length * 0.99)];
  const bound = p99(alone) + QUIET * TURN_MS;
  console.log(
    `p99 of the delay: ${p99(alone)} ms alone, ${p99(flooded)} ms beside a flood, of ${flooded.length} lines`,
  );
  assert(flooded.length > 0.9 * alone.length, `${flooded.length} of ${alone.length} lines were read`);
  assert(p99(flooded) <= bound, `${p99(flooded)} ms, at most ${bound}`);
});
