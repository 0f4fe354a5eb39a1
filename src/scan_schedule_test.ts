import { assert, assertEquals } from "@std/assert";
import { ScanSchedule } from "./scan_schedule.ts";

/** The times, in milliseconds, at which "a" is due until `endMs`. */
function dueTimes(schedule: ScanSchedule, endMs: number, lookMs = 0): number[] {
  const times: number[] = [];
  for (let now = 0; now <= endMs; now += 50) {
    const due = schedule.takeDue(now);
    schedule.looked(due.length, due.length * lookMs);
    if (due.includes("a")) times.push(now);
  }
  return times;
}

Deno.test("what has just come is looked at often, what stays the same every two seconds", () => {
  const schedule = new ScanSchedule();
  schedule.wake("a", 0);
  assertEquals(dueTimes(schedule, 10_000), [0, 250, 750, 1750, 3750, 5750, 7750, 9750]);
});

Deno.test("looking takes at most a two-thousandth of the time, and yet everything is looked at every half minute", () => {
  for (const [count, lookMs, everyMs] of [[1, 1, 2000], [100, 0.1, 20_000], [2000, 0.5, 30_000]]) {
    const schedule = new ScanSchedule();
    for (let i = 1; i < count; i++) schedule.wake(`${i}`, 0);
    schedule.wake("a", 0);
    const times = dueTimes(schedule, 200_000, lookMs);
    const interval = times.at(-1)! - times.at(-2)!;
    assert(interval >= everyMs * 0.9 && interval <= everyMs * 1.1, `${count} targets: ${interval} ms`);
  }
});

Deno.test("a target that is gone is not looked at, and one that is woken is looked at at once", () => {
  const schedule = new ScanSchedule();
  schedule.wake("a", 0);
  schedule.wake("b", 0);
  dueTimes(schedule, 10_000);
  schedule.remove("b");
  schedule.wake("a", 10_001);
  assertEquals(schedule.takeDue(10_001), ["a"]);
  assertEquals(schedule.size, 1);
});

Deno.test("a clock that was set back puts no look off", () => {
  const schedule = new ScanSchedule();
  schedule.wake("a", 10_000_000);
  assertEquals(schedule.takeDue(10_000_000), ["a"]);
  assertEquals(schedule.takeDue(5_000_000), ["a"]);
  assertEquals(schedule.takeDue(5_000_000), []);
});
