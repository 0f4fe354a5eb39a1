import { assertEquals } from "@std/assert";
import { JoinedCheckpoint } from "./joined_checkpoint.ts";
import type { KnownSource } from "../core/known_source.ts";
import type { Checkpoint } from "./store.ts";

const at = (offset: number) => ({ identity: { device: 1, inode: 2, headBytes: 0, headHash: 0 }, offset });
const part = (positions: Record<string, number>, pipeline = "p"): Checkpoint => {
  const sources = Object.entries(positions).map(([key, offset]) => [key, at(offset)] as const);
  return { positions: new Map([[pipeline, new Map(sources)]]), firstRunsMs: new Map([[pipeline, 7]]) };
};

/** A file that is written as soon as the test says so. */
class SlowStore {
  readonly written: Record<string, Record<string, number>>[] = [];
  firstRunsMs: Checkpoint["firstRunsMs"] = new Map();
  sources: Checkpoint["sources"];
  readonly #pending: ((isSaved: boolean) => void)[] = [];
  overlap = 0;

  save(checkpoint: Checkpoint): Promise<boolean> {
    if (this.#pending.length > 0) this.overlap++;
    const plain = [...checkpoint.positions].map(([name, all]) => {
      return [name, Object.fromEntries([...all].map(([key, { offset }]) => [key, offset]))] as const;
    });
    this.firstRunsMs = checkpoint.firstRunsMs;
    this.sources = checkpoint.sources;
    this.written.push(Object.fromEntries(plain));
    return new Promise((resolve) => this.#pending.push(resolve));
  }

  async finish(isSaved = true): Promise<void> {
    while (this.#pending.length === 0) await Promise.resolve();
    this.#pending.shift()?.(isSaved);
  }
}

Deno.test("what is written is the parts of all threads, the newest of each", async () => {
  const store = new SlowStore();
  const joined = new JoinedCheckpoint(store);
  const saves = [joined.save(0, part({ a: 1 })), joined.save(2, part({ c: 3 }))];
  await store.finish();
  assertEquals(await Promise.all(saves), [true, true]);
  const more = joined.save(2, part({ c: 4, d: 5 }));
  await store.finish();
  await more;
  const other = joined.save(1, part({ b: 2 }, "q"));
  await store.finish();
  await other;
  assertEquals(store.written, [
    { p: { a: 1, c: 3 } },
    { p: { a: 1, c: 4, d: 5 } },
    { p: { a: 1, c: 4, d: 5 }, q: { b: 2 } },
  ]);
  assertEquals(store.firstRunsMs, new Map([["p", 7], ["q", 7]]));
});

Deno.test("a position that another thread has taken over wins over the one from before", async () => {
  const store = new SlowStore();
  const joined = new JoinedCheckpoint(store);
  const saves = [joined.save(1, part({ a: 9 })), joined.save(0, part({ a: 1, b: 2 }))];
  await store.finish();
  await Promise.all(saves);
  assertEquals(store.written, [{ p: { a: 9, b: 2 } }]);
});

Deno.test("one write at a time: what comes meanwhile is written together, and answered when it is there", async () => {
  const store = new SlowStore();
  const joined = new JoinedCheckpoint(store);
  const first = joined.save(0, part({ a: 1 }));
  await Promise.resolve();
  await Promise.resolve();
  let answered = 0;
  const later = [0, 1, 2].map((thread) => joined.save(thread, part({ [`t${thread}`]: 1 })).then(() => answered++));
  await store.finish();
  await first;
  assertEquals(answered, 0);
  await store.finish();
  await Promise.all(later);
  assertEquals(store.written, [{ p: { a: 1 } }, { p: { t0: 1, t1: 1, t2: 1 } }]);
  assertEquals(store.overlap, 0);
});

Deno.test("a write that failed is told to all that it was for", async () => {
  const store = new SlowStore();
  const joined = new JoinedCheckpoint(store);
  const saves = [joined.save(0, part({ a: 1 })), joined.save(1, part({ b: 1 }))];
  await store.finish(false);
  assertEquals(await Promise.all(saves), [false, false]);
});

Deno.test("what threads know of sources is written together where one has news, until it is there", async () => {
  const store = new SlowStore();
  const joined = new JoinedCheckpoint(store);
  const known: KnownSource = { input: 0, tags: [], container: { runtime: "docker", name: "c", createdMs: 1 } };
  const sources = (...keys: string[]) => new Map([["p", new Map(keys.map((key) => [key, known] as const))]]);
  const save = async (thread: number, part: Checkpoint, isSaved = true) => {
    const saving = joined.save(thread, part);
    await store.finish(isSaved);
    await saving;
    return store.sources;
  };
  assertEquals(await save(0, { ...part({ a: 1 }), sources: sources("a") }), sources("a"));
  assertEquals(await save(1, { ...part({ b: 1 }), sources: sources("b") }, false), sources("a", "b"));
  assertEquals(await save(0, part({ a: 2 })), sources("a", "b"), "what could not be written is news still");
  assertEquals(await save(0, part({ a: 3 })), undefined);
  assertEquals(await save(0, { ...part({ a: 3 }), sources: sources() }), sources("b"));
});
