/**
 * The agent on a made-up world: the same seeds in each run, `SEED=n` repeats one and tells its story, `SIMULATION_SEEDS=n` runs so many,
 * `SIMULATION_MINUTES=n` runs others than before for so long.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { runSeed } from "./run_seed.ts";

/** So many seeds run where nobody says how many. */
const SEEDS = 200;
/** With `SLUICE_TEST_LONG`. */
const LONG_MINUTES = "60";
/** One with several lives, rotations, and brokers that fail. */
const EVENTFUL_SEED = 168;

function* seeds(): Generator<number> {
  const minutes = Deno.env.get("SIMULATION_MINUTES") ?? (Deno.env.has("SLUICE_TEST_LONG") ? LONG_MINUTES : undefined);
  if (minutes !== undefined) return yield* newSeeds(Date.now() + Number(minutes) * 60_000);
  const count = Number(Deno.env.get("SIMULATION_SEEDS") ?? SEEDS);
  for (let seed = 1; seed <= count; seed++) yield seed;
}

function* newSeeds(endMs: number): Generator<number> {
  const first = Math.floor(Math.random() * 2 ** 31);
  for (let count = 0; Date.now() < endMs; count++) yield first + count;
}

async function tellSeed(seed: number): Promise<void> {
  const { stage, lives } = await runSeed(seed);
  console.log([JSON.stringify(stage.plan), ...stage.story, ...lives.log.lines].join("\n"));
  assertEquals(stage.problems, []);
}

Deno.test("whatever happens to containers, brokers and the agent, every line arrives, in order, and once in a life", async () => {
  const only = Deno.env.get("SEED");
  if (only !== undefined) return await tellSeed(Number(only));
  const sums = { seeds: 0, exactlyOnce: 0, lives: 0, written: 0, repeated: 0, excused: 0 };
  for (const seed of seeds()) {
    const world = await runSeed(seed);
    assertEquals(world.stage.problems, [], `SEED=${seed} repeats this`);
    sums.seeds++;
    sums.exactlyOnce += world.stage.plan.isExactlyOnce ? 1 : 0;
    sums.lives += world.lives.count;
    sums.written += world.written;
    sums.repeated += world.stage.deliveries.repeated;
    sums.excused += world.stage.deliveries.excusedCount;
  }
  console.log(`simulation: ${JSON.stringify(sums)}`);
});

Deno.test("a seed tells the same story each time", async () => {
  const [one, other] = [await runSeed(EVENTFUL_SEED), await runSeed(EVENTFUL_SEED)];
  assertEquals([other.stage.story, other.lives.log.lines], [one.stage.story, one.lives.log.lines]);
  assert(one.stage.story.length > 10, "there is something to tell");
});
