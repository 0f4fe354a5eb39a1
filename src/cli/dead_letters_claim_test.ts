import { assert, assertEquals, assertRejects } from "@std/assert";
import { seededRandom } from "../../tests/support/random.ts";
import { systemError, UnreliableDisk } from "../../tests/support/unreliable_disk.ts";
import type { Files } from "../core/env.ts";
import { settleLetters, type SettleLines } from "./dead_letters_claim.ts";
import { DeadLettersError, letterPaths, waitingLines } from "./dead_letters_file.ts";

const ROUNDS = 150;
/** A process that another test has just forked holds the lock until it becomes its program. */
const LOCK_TRIES = 100;
const LOCK_PAUSE_MS = 10;

function line(name: string): string {
  return JSON.stringify({ time: "", topic: "t", reason: "r", message: name });
}

/** A checkpoint directory on a disk that may fail. */
class Scene implements Disposable {
  readonly disk = new UnreliableDisk();
  readonly paths = letterPaths(this.disk.directory);
  files: Files = this.disk.files;
  /** What the agent does while the command waits for it. */
  meanwhile: () => void = () => {};

  /** As the agent does it. */
  add(...names: readonly string[]): void {
    this.disk.files.append(this.paths.letters, names.map((name) => `${line(name)}\n`).join(""));
  }

  async settle(settle: SettleLines): Promise<void> {
    const sleep = () => Promise.resolve(this.meanwhile());
    for (let tries = 1;; tries++) {
      try {
        return await settleLetters({ directory: this.disk.directory, env: { files: this.files, sleep } }, settle);
      } catch (error) {
        if (!(error instanceof DeadLettersError) || tries === LOCK_TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
      }
    }
  }

  /** Settles by name. @returns the names that were asked for. */
  async take(isTaken: (name: string) => boolean): Promise<string[]> {
    const asked: string[] = [];
    await this.settle((lines) => {
      asked.push(...lines.map(({ letter }) => letter?.message ?? ""));
      return Promise.resolve(new Set(lines.filter(({ letter }) => isTaken(letter?.message ?? ""))));
    });
    return asked;
  }

  get waiting(): string[] {
    const lines = [...waitingLines(this.paths, this.disk.files)].filter(({ text }) => text !== "");
    return lines.map(({ letter, text }) => letter?.message ?? text);
  }

  get names(): string[] {
    return [...Deno.readDirSync(this.disk.directory)].map(({ name }) => name);
  }

  [Symbol.dispose](): void {
    this.disk[Symbol.dispose]();
  }
}

Deno.test("what is settled leaves the file, the rest stays in order, and nothing else is left behind", async () => {
  using scene = new Scene();
  scene.add("1", "2", "3", "4");
  assertEquals(await scene.take((name) => name === "1" || name === "3"), ["1", "2", "3", "4"]);
  assertEquals([scene.waiting, scene.names], [["2", "4"], ["sluice.dead-letters.jsonl"]]);
  await scene.take(() => true);
  assertEquals([scene.waiting, scene.names], [[], []]);
  assertEquals(await scene.take(() => true), []);
});

Deno.test("what an agent adds meanwhile stays; what it adds to the file that was just renamed is settled", async () => {
  using scene = new Scene();
  scene.add("1");
  using late = Deno.openSync(scene.paths.letters, { append: true });
  scene.meanwhile = () => late.writeSync(new TextEncoder().encode(`${line("late")}\n`));
  const asked: string[] = [];
  await scene.settle((lines) => {
    scene.add(`new ${asked.length}`);
    asked.push(...lines.map(({ letter }) => letter!.message!));
    return Promise.resolve(new Set(lines.filter(({ letter }) => letter!.message === "late")));
  });
  assertEquals([asked, scene.waiting], [["1", "late"], ["new 0", "1"]]);
});

Deno.test("lines that are no letters stay as they are, empty ones go", async () => {
  using scene = new Scene();
  Deno.writeTextFileSync(scene.paths.letters, `\n${line("1")}\nhalf a li`);
  await scene.take((name) => name === "1");
  assertEquals(Deno.readTextFileSync(scene.paths.letters), "half a li\n");
});

Deno.test("only one command works at a time", async () => {
  using scene = new Scene();
  scene.add("1");
  await scene.settle(async (lines) => {
    await assertRejects(() => scene.take(() => true), Error, "is at work in");
    return new Set(lines);
  });
  assertEquals(scene.waiting, []);
});

Deno.test("a directory that is not there has no letters", async () => {
  const { files } = new UnreliableDisk();
  const env = { files, sleep: () => Promise.resolve() };
  await settleLetters({ directory: "/there/is/none", env }, () => Promise.reject(new Error("nothing is there")));
});

Deno.test("a file is settled in portions, so that memory is bounded, and no portion twice after a crash", async () => {
  using scene = new Scene();
  const names = Array.from({ length: 10_000 }, (_, index) => String(index));
  scene.add(...names);
  const sizes: number[] = [];
  await assertRejects(() =>
    scene.settle((lines) => {
      if (sizes.length === 2) throw new Error("crash");
      sizes.push(lines.length);
      return Promise.resolve(new Set(lines));
    })
  );
  assertEquals(sizes, [2048, 2048]);
  assertEquals(scene.waiting, names.slice(4096));
  assertEquals(await scene.take(() => true), names.slice(4096));
});

/** Files that fail before their `count`th change, and from then on. */
function crashingFiles(files: Files, count: number): Files {
  let left = count;
  const step = () => {
    if (left-- <= 0) throw systemError("EIO");
  };
  return {
    ...files,
    rename: (from, to) => (step(), files.rename(from, to)),
    remove: (path) => (step(), files.remove(path)),
    openToAppend: (path) => (step(), files.openToAppend(path)),
    writeAtomically: (path, text) => (step(), files.writeAtomically(path, text)),
  };
}

Deno.test("whenever the command is cut short, no letter is lost; when it is not, what is settled is gone", async () => {
  const random = seededRandom("dead letters cut short");
  let crashes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    using scene = new Scene();
    const all = new Set<string>();
    const settled = new Set<string>();
    const fresh = () => {
      const name = `${round}-${all.size}`;
      all.add(name);
      scene.add(name);
    };
    for (let attempt = 0; attempt < 4; attempt++) {
      for (let count = random.integer(0, 3); count > 0; count--) fresh();
      const last = attempt === 3;
      scene.files = last ? scene.disk.files : crashingFiles(scene.disk.files, random.integer(0, 8));
      const before = new Set(settled);
      // The same for each copy of a letter that was put back and not forgotten.
      const decisions = new Map<string, boolean>();
      const decide = (name: string) => decisions.get(name) ?? decisions.set(name, random.next() < 0.5).get(name)!;
      const settling = scene.settle((lines) => {
        if (random.next() < 0.5) fresh();
        const gone = lines.filter(({ letter }) => decide(letter!.message!));
        for (const { letter } of gone) settled.add(letter!.message!);
        return Promise.resolve(new Set(gone));
      });
      const isWhole = await settling.then(() => true, () => false);
      assert(isWhole || !last, "the disk is good again");
      if (!isWhole) crashes++;
      const waiting = new Set(scene.waiting);
      assertEquals([...all].filter((name) => !settled.has(name) && !waiting.has(name)), []);
      // Settled by a portion that was cut short, a letter may be there still; by an attempt that was whole, never.
      if (isWhole) assertEquals([...settled].filter((name) => !before.has(name) && waiting.has(name)), []);
    }
  }
  assert(crashes > ROUNDS, `only ${crashes} attempts were cut short`);
});
