import { assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../tests/support/random.ts";
import { Ledger } from "./ledger.ts";

const at = (offset: number) => ({ identity: { device: 1, inode: 2, headBytes: 0, headHash: 0 }, offset });

Deno.test("a position moves only over a settled prefix", () => {
  const ledger = new Ledger();
  const [a, b, c] = [10, 20, 30].map((offset) => ledger.issue("s", at(offset)));
  b.release();
  assertEquals(ledger.position("s"), undefined);
  a.release();
  assertEquals(ledger.position("s")?.offset, 20);
  assertEquals(ledger.isPending("s"), true);
  c.release();
  assertEquals(ledger.position("s")?.offset, 30);
  assertEquals(ledger.isPending("s"), false);
});

Deno.test("a source that is begun has a position, and one that has a position keeps it", () => {
  const ledger = new Ledger();
  ledger.begin("s", at(7));
  assertEquals([ledger.position("s")?.offset, ledger.changes], [7, 1]);
  ledger.begin("s", at(9));
  assertEquals([ledger.position("s")?.offset, ledger.changes], [7, 1]);
});

Deno.test("a ticket settles when its last hold is released", () => {
  const ledger = new Ledger();
  const ticket = ledger.issue("s", at(10));
  ticket.hold();
  ticket.release();
  assertEquals(ledger.position("s"), undefined);
  ticket.release();
  assertEquals(ledger.position("s")?.offset, 10);
  assertThrows(() => ticket.release(), Error, "too often");
  assertThrows(() => ticket.hold(), Error, "held again");
});

Deno.test("sources do not wait for each other", () => {
  const ledger = new Ledger();
  ledger.issue("slow", at(1));
  ledger.issue("quick", at(2)).release();
  assertEquals([...ledger.positions().keys()], ["quick"]);
});

Deno.test("a forgotten source stays forgotten when a late ticket settles", () => {
  const ledger = new Ledger();
  const late = ledger.issue("s", at(1));
  ledger.forget("s");
  late.release();
  assertEquals(ledger.position("s"), undefined);
});

Deno.test("changes tells whether a position has moved", () => {
  const ledger = new Ledger();
  const ticket = ledger.issue("s", at(1));
  const before = ledger.changes;
  assertEquals(ledger.changes, before);
  ticket.release();
  assertEquals(ledger.changes > before, true);
});

Deno.test("whatever the order of settling, a position never passes an unsettled ticket", () => {
  const random = seededRandom("ledger");
  const ledger = new Ledger();
  const open: { offset: number; release: () => void }[] = [];
  for (let step = 1; step <= 2000; step++) {
    if (open.length === 0 || random.next() < 0.5) {
      const ticket = ledger.issue("s", at(step));
      open.push({ offset: step, release: () => ticket.release() });
    } else open.splice(random.integer(0, open.length - 1), 1)[0].release();
    const position = ledger.position("s")?.offset ?? 0;
    assertEquals(open.every(({ offset }) => offset > position), true);
  }
});

Deno.test("what waits for the settlement of a source is done after all that was issued before it", () => {
  const ledger = new Ledger();
  const done: string[] = [];
  ledger.whenSettled("s", () => done.push("at once"));
  assertEquals(done, ["at once"]);
  const [a, b] = [10, 20].map((offset) => ledger.issue("s", at(offset)));
  ledger.whenSettled("s", () => done.push(`at ${ledger.position("s")?.offset}`));
  const later = ledger.issue("s", at(30));
  later.release();
  b.release();
  assertEquals(done, ["at once"]);
  a.release();
  assertEquals(done, ["at once", "at 20"]);
});
