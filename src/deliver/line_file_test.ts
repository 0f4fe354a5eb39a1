import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { hasProgram, needs } from "../../tests/support/requirement.ts";
import { type DiskOperation, systemError, UnreliableDisk } from "../../tests/support/unreliable_disk.ts";
import { LineFile } from "./line_file.ts";
import { RollingFile } from "./rolling_file.ts";
import { CountedSiblings, ShiftedSiblings, type SiblingOrder } from "./sibling_files.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

class Scene implements Disposable {
  readonly disk = new UnreliableDisk();
  readonly log = new RecordingLog();
  readonly sleepsMs: number[] = [];
  readonly path = `${this.disk.directory}/a`;
  readonly lines: LineFile;
  /** Asked in each pause. */
  onSleep = () => {};

  constructor(order: SiblingOrder = new ShiftedSiblings(1000, 3), isSynced = true) {
    const file = new RollingFile(this.disk.files, { path: this.path, order, isSynced });
    const sleep = (ms: number) => {
      this.sleepsMs.push(ms);
      this.onSleep();
      return Promise.resolve();
    };
    this.lines = new LineFile(file, { sleep }, this.log);
  }

  /** Lets an operation fail so many times. */
  fail(failing: DiskOperation, times: number, error = systemError("ENOSPC")): void {
    let failures = 0;
    this.disk.beforeEach = (operation) => {
      if (operation === failing && failures++ < times) throw error;
    };
  }

  [Symbol.dispose](): void {
    this.lines.close();
    this.disk[Symbol.dispose]();
  }
}

Deno.test("whatever fails is tried again, after longer and longer pauses, until it works", async () => {
  const operations: DiskOperation[] = ["open", "write", "sync"];
  for (const operation of operations) {
    using scene = new Scene();
    scene.fail(operation, 8);
    assertEquals(await scene.lines.write(bytesOf("one\ntwo\n")), true);
    assertEquals(scene.disk.contents(), { a: "one\ntwo\n" }, operation);
    assertEquals(scene.sleepsMs, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    assertEquals(scene.log.lines.length, 9);
    assertEquals(scene.log.lines.at(-1), `info: ${scene.path} can be written again`);
  }
});

Deno.test("a file that cannot be renamed is not written beyond its limit, and nothing is written twice", async () => {
  using scene = new Scene(new ShiftedSiblings(8, 3));
  scene.fail("rename", 3);
  assertEquals(await scene.lines.write(bytesOf("one\ntwo\nthree\n")), true);
  assertEquals(scene.disk.contents(), { "a": "three\n", "a.1": "one\ntwo\n" });
});

Deno.test("an old file that cannot be deleted is, the next time", async () => {
  using scene = new Scene(new CountedSiblings(4, 1), false);
  scene.fail("remove", 1);
  for (const line of ["one\n", "two\n", "six\n", "ten\n"]) await scene.lines.write(bytesOf(line));
  assertEquals(scene.disk.contents(), { "a": "ten\n", "a.3": "six\n" });
});

Deno.test("a failure is told with its cause, its consequence and what to do", async () => {
  const remedies: [Error, string][] = [
    [systemError("ENOSPC"), "Make room on its disk"],
    [systemError("EDQUOT"), "Make room on its disk"],
    [systemError("EACCES"), "Let the agent write there, and in its directory"],
    [systemError("EROFS"), "Let the agent write there, and in its directory"],
    [
      new Deno.errors.NotCapable("no"),
      "The agent may write what its configuration named when it started: start it again",
    ],
    [systemError("EIO"), "Look at the file, its directory and its disk"],
  ];
  for (const [error, remedy] of remedies) {
    using scene = new Scene();
    scene.fail("open", 1, error);
    await scene.lines.write(bytesOf("one\n"));
    const why = `${scene.path} cannot be written: ${error.message}`;
    const expected = `${why}. Its records wait, and reading with them; none is lost. ${remedy}`;
    assertEquals(scene.log.lines[0], `throttled write ${scene.path}: ${expected}`);
  }
});

Deno.test("after close nothing is tried any more, and the lines count as not written", async () => {
  using scene = new Scene();
  scene.fail("write", Infinity);
  scene.onSleep = () => scene.lines.close();
  assertEquals(await scene.lines.write(bytesOf("one\n")), false);
  assertEquals(scene.sleepsMs.length, 1);
  assertEquals(scene.disk.contents(), { a: "" });
  scene.disk.beforeEach = () => {};
  assertEquals(await scene.lines.write(bytesOf("one\n")), false);
});

Deno.test("a file that stays full whatever is done is not tried in a circle", async () => {
  using scene = new Scene({ room: () => 0, roll: () => {} });
  scene.onSleep = () => scene.lines.close();
  assertEquals(await scene.lines.write(bytesOf("one\n")), false);
  assertStringIncludes(scene.log.lines[0], "it is full, and does not become another by renaming");
});

Deno.test("a line that is longer than a file may be has one of its own", async () => {
  using scene = new Scene(new ShiftedSiblings(5, 5));
  await scene.lines.write(bytesOf("a\nlonger line\nb\n"));
  assertEquals(scene.disk.contents(), { "a": "b\n", "a.1": "longer line\n", "a.2": "a\n" });
});

function randomLines(random: Random, first: number): string {
  const count = random.integer(1, 8);
  return Array.from({ length: count }, (_, index) => `${first + index}${"x".repeat(random.integer(0, 40))}\n`).join("");
}

/** The lines of all files, oldest first: `a.1` is older than `a`, and with shifted siblings newer than `a.2`. */
function allLines(contents: Readonly<Record<string, string>>, sign: 1 | -1): string {
  const numberOf = (name: string) => name === "a" ? Infinity : sign * Number(name.slice(2));
  return Object.keys(contents).sort((left, right) => numberOf(left) < numberOf(right) ? -1 : 1)
    .map((name) => contents[name]).join("");
}

Deno.test("random failures of every kind lose no line, repeat none and leave none in halves", async () => {
  const random = seededRandom("line_file");
  for (let round = 0; round < 12; round++) {
    const isShifted = round % 2 === 0;
    const sizeMax = random.integer(1, 200);
    using scene = new Scene(isShifted ? new ShiftedSiblings(sizeMax, 100_000) : new CountedSiblings(sizeMax, 100_000));
    const operations: DiskOperation[] = ["open", "write", "sync", "rename"];
    scene.disk.beforeEach = (operation) => {
      if (operations.includes(operation) && random.next() < 0.2) throw systemError("EIO");
    };
    let written = "";
    for (let call = 0; call < 30; call++) {
      const lines = randomLines(random, written.length);
      await scene.lines.write(bytesOf(lines));
      written += lines;
    }
    assertEquals(allLines(scene.disk.contents(), isShifted ? -1 : 1), written);
  }
});

Deno.test("a real disk that is full: nothing is lost once there is room again", async () => {
  if (!needs("root and mount, for a disk of its own", Deno.uid() === 0 && hasProgram("mount"))) return;
  const directory = Deno.makeTempDirSync({ prefix: "sluice-full-" });
  const mounted = await run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory);
  try {
    if (!needs("the right to mount", mounted)) return;
    Deno.writeFileSync(`${directory}/other`, new Uint8Array(32 * 1024));
    const { env, log } = { env: new ClockEnv(), log: new RecordingLog() };
    const order = new ShiftedSiblings(1_000_000, 1);
    const file = new RollingFile(env.files, { path: `${directory}/a`, order, isSynced: true });
    const sleep = () => {
      assertEquals(Deno.readTextFileSync(`${directory}/a`).length % 1000, 0);
      Deno.removeSync(`${directory}/other`);
      return Promise.resolve();
    };
    const lines = new LineFile(file, { sleep }, log);
    const line = bytesOf("x".repeat(999) + "\n");
    for (let count = 0; count < 50; count++) assertEquals(await lines.write(line), true);
    lines.close();
    assertEquals(Deno.statSync(`${directory}/a`).size, 50_000);
    assertStringIncludes(log.lines[0], "Make room on its disk");
    assertEquals(log.lines.length, 2);
  } finally {
    if (mounted) assert(await run("umount", directory));
    Deno.removeSync(directory, { recursive: true });
  }
});

async function run(program: string, ...args: string[]): Promise<boolean> {
  return (await new Deno.Command(program, { args, stderr: "null" }).output()).success;
}
