import { assertEquals } from "@std/assert";
import { seededRandom } from "../../tests/support/random.ts";
import type { TailedSource } from "./tailed_source.ts";
import { type Turn, TurnList } from "./turn_list.ts";

function makeTurns(count: number): Turn[] {
  // A ring never asks anything of the source itself.
  const tailed = {} as TailedSource;
  return Array.from(
    { length: count },
    (_, number) => ({ tailed, dueMs: number, pauseMs: 0, list: undefined, index: 0 }),
  );
}

function contents(list: TurnList): number[] {
  return Array.from({ length: list.size }, (_, index) => list.tryAt(index)!.dueMs).sort((a, b) => a - b);
}

Deno.test("a ring gives out all its turns before it gives out one again", () => {
  const list = new TurnList();
  for (const turn of makeTurns(5)) list.add(turn);
  const round = () => Array.from({ length: 5 }, () => list.next().dueMs);
  assertEquals([round(), round()], [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]);
});

Deno.test("taking a turn out while it is looked at skips no other", () => {
  const list = new TurnList();
  for (const turn of makeTurns(4)) list.add(turn);
  const seen = Array.from({ length: 4 }, () => {
    const turn = list.next();
    list.remove(turn);
    return turn.dueMs;
  });
  assertEquals(seen.sort(), [0, 1, 2, 3]);
  assertEquals([list.size, list.dueMs()], [0, Infinity]);
});

Deno.test("turns that change rings at random are in exactly one", () => {
  const random = seededRandom("turns in rings");
  const lists = [new TurnList(), new TurnList()];
  const model: Set<number>[] = [new Set(), new Set()];
  const turns = makeTurns(20);
  for (let step = 0; step < 2000; step++) {
    const turn = random.pick(turns);
    const to = random.integer(0, 2);
    for (const set of model) set.delete(turn.dueMs);
    if (to === 2) turn.list?.remove(turn);
    else {
      lists[to].add(turn);
      model[to].add(turn.dueMs);
    }
    lists.forEach((list, index) => {
      assertEquals(contents(list), [...model[index]].sort((a, b) => a - b));
      assertEquals(list.dueMs(), Math.min(...model[index]));
    });
  }
});
