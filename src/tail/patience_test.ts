import { assertEquals } from "@std/assert";
import { Patience } from "./patience.ts";

/** Seconds after which `isDue` first says yes, looked at every 100 ms. */
function secondsUntil(isDue: (now: number) => boolean, from = 0): number {
  for (let now = from;; now += 100) if (isDue(now)) return (now - from) / 1000;
}

const make = (silenceMs = Infinity, random = 0) => new Patience(0, silenceMs, false, () => random);

Deno.test("the path of a file is looked at every second while it is busy", () => {
  const patience = make();
  patience.begin(0, false);
  assertEquals(secondsUntil((now) => patience.isPathDue(now)), 1);
  patience.news(900);
  assertEquals(secondsUntil((now) => patience.isPathDue(now), 900), 0.1);
  patience.lookAtPath(1000);
  assertEquals(secondsUntil((now) => patience.isPathDue(now), 1000), 1);
});

Deno.test("the path of a quiet file is looked at every fifteen to thirty seconds, and soon after news", () => {
  for (const [random, seconds] of [[0, 15], [0.5, 22.5], [1, 30]]) {
    const patience = make(Infinity, random);
    patience.begin(0, false);
    patience.lookAtPath(10_000);
    assertEquals(secondsUntil((now) => patience.isPathDue(now), 10_000), seconds);
    patience.news(10_100);
    assertEquals(secondsUntil((now) => patience.isPathDue(now), 10_100), 1);
  }
});

Deno.test("the path of a quiet file that is watched is looked at every two to four minutes, and when somebody says so", () => {
  const patience = new Patience(0, Infinity, true, () => 0);
  patience.begin(0, false);
  patience.lookAtPath(10_000);
  assertEquals(secondsUntil((now) => patience.isPathDue(now), 10_000), 120);
  patience.hurry();
  assertEquals(patience.isPathDue(10_100), true);
});

Deno.test("the path of a file that is past is looked at as soon as it is read", () => {
  const patience = make();
  patience.begin(0, true);
  assertEquals(patience.isPathDue(0), true);
  patience.lookAtPath(0);
  assertEquals(patience.isPathDue(0), false);
  patience.hurry();
  assertEquals(patience.isPathDue(0), true);
});

Deno.test("a file that is missing is looked for always at first, and seldom later", () => {
  const patience = make();
  patience.missFile(9900);
  assertEquals(patience.isPathDue(9900), true);
  patience.missFile(10_000);
  assertEquals(secondsUntil((now) => patience.isPathDue(now), 10_000), 5);
});

Deno.test("silence is told once, and again only after news", () => {
  const patience = make(3000);
  assertEquals(patience.tellSilence(5000), false, "before there were any news");
  patience.news(5000);
  assertEquals(secondsUntil((now) => patience.tellSilence(now), 5000), 3);
  assertEquals(patience.tellSilence(60_000), false);
  patience.news(60_000);
  assertEquals(secondsUntil((now) => patience.tellSilence(now), 60_000), 3);
});

Deno.test("a replaced file is read on until a second without news, or a minute", () => {
  const patience = make();
  assertEquals(secondsUntil((now) => patience.isGraceOver(now)), 1);
  patience.begin(0, false);
  let newsMs = 0;
  const busy = (now: number) => {
    if (now < 5000) patience.news(newsMs = now);
    return patience.isGraceOver(now);
  };
  assertEquals([secondsUntil(busy), newsMs], [5.9, 4900]);
  patience.begin(0, false);
  const endless = (now: number) => {
    patience.news(now);
    return patience.isGraceOver(now);
  };
  assertEquals(secondsUntil(endless), 60);
});
