/**
 * The made-up log of an application that writes a JSON object a line, of about 260 bytes. Some messages hold characters that JSON
 * escapes.
 *
 * @module
 */
import type { Random } from "../tests/support/random.ts";

const START_MS = Date.UTC(2026, 6, 13, 15, 45, 54);
const LEVELS = ["info", "info", "info", "info", "debug", "warn", "error"];
const LOGGERS = ["orders.controller", "orders.service", "customers.repository", "stock.client"];
const HEXADECIMAL_DIGITS = 16;
const MESSAGES = [
  "order accepted",
  "customer found in cache",
  'stock client answered "out of stock"',
  "cannot read C:\\shop\\prices.csv",
  "payment declined, the order waits for another",
];

/** The object number `index`, as text; all have the same keys in the same order. */
export function jsonEntry(index: number, random: Random): string {
  return JSON.stringify({
    ts: new Date(START_MS + index).toISOString(),
    level: random.pick(LEVELS),
    logger: random.pick(LOGGERS),
    thread: `http-nio-8080-exec-${random.integer(1, 200)}`,
    trace_id: hexadecimal(random),
    message: random.pick(MESSAGES),
    order: random.integer(1, 9_999_999),
    status: random.pick([200, 201, 404, 503]),
    duration_ms: random.integer(0, 90_000) / 100,
    cached: random.next() < 0.5,
  });
}

function hexadecimal(random: Random): string {
  const half = () => random.integer(0, 0xffff_ffff).toString(HEXADECIMAL_DIGITS).padStart(8, "0");
  return half() + half();
}
