import { assertEquals } from "@std/assert";
import { at, PositionsScene } from "../tests/support/positions_scene.ts";
import type { Position } from "./core/position.ts";
import type { Pipeline } from "./pipeline.ts";

Deno.test("when a pipeline first ran is saved at once, and stays so whatever runs later", async () => {
  using scene = new PositionsScene();
  const startedMs = scene.env.now();
  const first = scene.start("a");
  assertEquals([first.saved.hasChanges, first.saved.firstRunMs(first.pipelines[0])], [true, startedMs]);
  await first.saved.saveChanges();
  scene.env.pass(1000);
  const second = scene.start("b");
  assertEquals(second.saved.firstRunMs(second.pipelines[0]), startedMs + 1000);
  await second.saved.saveChanges();
  scene.env.pass(1000);
  const third = scene.start("a", "b");
  assertEquals(third.saved.hasChanges, false);
  assertEquals(third.pipelines.map((pipeline) => third.saved.firstRunMs(pipeline)), [startedMs, startedMs + 1000]);
  scene.env.pass(-5000);
  const beforeAll = scene.start("a");
  assertEquals(beforeAll.saved.firstRunMs(beforeAll.pipelines[0]), startedMs - 3000, "the clock was wrong");
});

Deno.test("where positions are kept with the records, the first run is, too: a checkpoint that is lost does not make this one the first", () => {
  using scene = new PositionsScene();
  const [startedMs, { saved, pipelines: [pipeline] }] = [scene.env.now(), scene.start("a")];
  const noted = new Map<string, Position | undefined>();
  const note = (key: string, position: Position | undefined) => void noted.set(key, position);
  const kept = { ...pipeline, positionKeeper: { kept: Promise.resolve(new Map()), pass: () => {}, note } };
  // Only what is asked of it matters.
  const keeping = kept as unknown as Pipeline;
  saved.adopt(keeping, new Map([["s", at(5)]]));
  assertEquals([...noted.values()].map((position) => position?.offset), [startedMs]);
  const before = new Map([...noted].map(([key]) => [key, at(startedMs - 1000)] as const));
  noted.clear();
  saved.adopt(keeping, before);
  assertEquals([saved.firstRunMs(pipeline), noted.size, saved.unclaimedCount], [startedMs - 1000, 0, 1]);
});
