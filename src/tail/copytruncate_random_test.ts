import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../tests/support/random.ts";
import { TailedScene } from "../../tests/support/tailed_scene.ts";

const CUTS = 60;
const LINE_DIGITS = 7;
const INTO = new Uint8Array(256);
/** Longer than the pause between two looks at a log that was at its end. */
const LOOK_MS = 2500;

/** The numbers that a look gives, as far as reading comes in so many reads. */
function readSome(scene: TailedScene, tailed: ReturnType<TailedScene["open"]>, readsMax: number): number[] {
  const numbers: number[] = [];
  for (let reads = 0; reads < readsMax; reads++) {
    const result = scene.read(tailed, INTO);
    if (result.kind !== "bytes") break;
    const text = new TextDecoder().decode(INTO.subarray(0, result.size));
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    tailed.advance(tailed.offset + whole.length);
    for (const line of whole.split("\n").slice(0, -1)) {
      assertEquals(line.length, LINE_DIGITS, `a broken line: "${line}"`);
      numbers.push(Number(line));
    }
  }
  return numbers;
}

// kubernetes/kubernetes#64760: what is written between copying and cutting is lost by whoever rotates like this. What was read before must
// not come again, and what is written afterwards must come.
Deno.test("a log that is copied and cut again and again: what was unread at the cut may be lost, and nothing comes twice", () => {
  const random = seededRandom("copytruncate");
  using scene = new TailedScene();
  let written = 0;
  const write = (lines: number) => {
    const texts = Array.from({ length: lines }, () => `${String(written++).padStart(LINE_DIGITS, "0")}\n`);
    scene.append(texts.join(""));
  };
  write(1);
  const tailed = scene.open();
  let read = readSome(scene, tailed, Infinity).length;
  const excused = new Set<number>();
  const check = (numbers: readonly number[]) => {
    for (const number of numbers) {
      while (read < number && excused.has(read)) read++;
      assertEquals(number, read++);
    }
  };
  for (let cut = 0; cut < CUTS; cut++) {
    for (let round = random.integer(1, 4); round > 0; round--) {
      write(random.integer(1, 80));
      check(readSome(scene, tailed, random.integer(0, 4)));
      scene.env.pass(LOOK_MS);
    }
    for (let number = read; number < written; number++) excused.add(number);
    Deno.copyFileSync(scene.path, `${scene.path}.1`);
    Deno.truncateSync(scene.path);
    // Often it is as long as before, or longer, when it is looked at again.
    write(random.integer(0, 300));
    scene.env.pass(LOOK_MS);
    check(readSome(scene, tailed, Infinity));
  }
  write(1);
  scene.env.pass(LOOK_MS);
  check(readSome(scene, tailed, Infinity));
  assertEquals(read, written);
  assert(excused.size < written / 2, `${excused.size} of ${written} lines may have been lost`);
});
