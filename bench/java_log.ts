/**
 * The made-up log of a Java service: entries of one line, and now and then one with a stack trace of 20 to 60 lines, so that about
 * 30 % of the bytes are in traces.
 *
 * @module
 */
import type { Random } from "../tests/support/random.ts";

const START_MS = Date.UTC(2026, 10, 23, 12, 0, 0, 123);
/** A trace is some twenty-five times as long as an entry of one line. */
const TRACE_PROBABILITY = 0.016;
const LEVELS = ["INFO", "INFO", "INFO", "DEBUG", "WARN"];
const CLASSES = ["orders.OrderController", "orders.OrderService", "customers.CustomerRepository", "stock.StockClient"];
const METHODS = ["handle", "invoke", "lambda$submit$3", "doFilter", "<init>", "access$000"];
const LIBRARIES = [
  "org.springframework.web.servlet.FrameworkServlet",
  "org.apache.catalina.core.ApplicationFilterChain",
  "java.util.concurrent.ThreadPoolExecutor",
  "jdk.internal.reflect.DirectMethodHandleAccessor",
];
const EXCEPTIONS = [
  'java.lang.IllegalStateException: order "4711" is closed',
  "java.net.SocketTimeoutException: Read timed out",
  "org.postgresql.util.PSQLException: ERROR: deadlock detected",
];

/** The entry number `index`, whose lines are joined by newlines; entries differ by their order numbers. */
export function javaEntry(index: number, random: Random): string {
  const time = new Date(START_MS + index).toISOString().replace("T", " ").replace("Z", "");
  const place = `[http-nio-8080-exec-${random.integer(1, 200)}] com.example.shop.${random.pick(CLASSES)}`;
  if (random.next() < TRACE_PROBABILITY) {
    return [`${time} ERROR ${place} - order ${index} failed`, ...stackTrace(random)].join("\n");
  }
  const message = `order ${index} of customer ${random.integer(1, 99_999)} accepted in ${random.integer(1, 900)} ms`;
  return `${time} ${random.pick(LEVELS)} ${place} - ${message}`;
}

/** The lines below the entry's first: 19 to 59, so that the entry has 20 to 60. */
function stackTrace(random: Random): string[] {
  const size = random.integer(19, 59);
  const outer = Math.floor(size * 0.6);
  return [
    random.pick(EXCEPTIONS),
    ...Array.from({ length: outer }, () => frame(random)),
    `Caused by: ${random.pick(EXCEPTIONS)}`,
    ...Array.from({ length: size - outer - 3 }, () => frame(random)),
    `\t... ${random.integer(10, 40)} more`,
  ];
}

function frame(random: Random): string {
  const type = random.next() < 0.4 ? `com.example.shop.${random.pick(CLASSES)}` : random.pick(LIBRARIES);
  const file = type.slice(type.lastIndexOf(".") + 1);
  return `\tat ${type}.${random.pick(METHODS)}(${file}.java:${random.integer(10, 2_000)})`;
}
