/**
 * Made-up nginx access lines of about 180 bytes. Some hold characters that JSON writers escape.
 *
 * @module
 */
import type { Random } from "../tests/support/random.ts";

const PATHS = [
  "/",
  "/index.html",
  "/api/v1/orders",
  "/api/v1/customers",
  "/static/app.4f1c2d.js",
  "/images/logo.svg",
  "/cart/checkout",
];
const METHODS = ["GET", "GET", "GET", "GET", "POST", "PUT", "DELETE"];
const STATUSES = [200, 200, 200, 200, 201, 304, 404, 502];
const REFERERS = ["-", "https://shop.example.com/cart", "https://www.example.com/search?q=<lamp>&page=2"];
const USER_AGENTS = [
  "curl/7.74.0",
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15",
];

/** One line, without its newline. */
export function accessLine(random: Random): string {
  const byte = () => random.integer(0, 255);
  const request = `${random.pick(METHODS)} ${random.pick(PATHS)}?id=${random.integer(0, 999_999)} HTTP/1.1`;
  return `10.${byte()}.${byte()}.${byte()} - - [13/Jul/2026:15:45:54 +0000] "${request}" ${random.pick(STATUSES)} ` +
    `${random.integer(0, 49_999)} "${random.pick(REFERERS)}" "${random.pick(USER_AGENTS)}" "-"`;
}
