import { assertEquals } from "@std/assert";
import { decodeAll, rowsOf } from "../../tests/support/decoding.ts";
import { NGINX_SOURCE, testKernel } from "../../tests/support/kernel.ts";
import { seededRandom } from "../../tests/support/random.ts";
import { containerLogDecoder } from "./container_log.ts";

const encoder = new TextEncoder();
const TIME = "2022-07-13T15:45:54.976593653Z";
const SECONDS = 1657727154;
const NOW = 7;

function setUp(streams = { stdout: true, stderr: true }) {
  const kernel = testKernel();
  const counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
  const context = { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => NOW };
  const options = { ...streams, multiline: undefined, timeOfFirst: false };
  return { kernel, counts, decoder: containerLogDecoder(options, context) };
}

function contentsOf(text: string | Uint8Array, set = setUp()): string[] {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  return decodeAll(set.kernel, set.decoder, bytes, () => 1_000_000).map(({ content }) => content);
}

/** A line as dockerd writes it, `log` as it stands in the file. */
function line(log: string, stream = "stdout"): string {
  return `{"log":"${log}","stream":"${stream}","time":"${TIME}"}\n`;
}

const ESCAPES: readonly [written: string, content: string][] = [
  ["plain", "plain"],
  ["", ""],
  ['say \\"hi\\"', 'say "hi"'],
  ["a\\\\nb", "a\\nb"],
  ["a\\nb", "a\nb"],
  ["tab\\t cr\\r bell\\u0007 slash\\/ \\b\\f", "tab\t cr\r bell\u0007 slash/ \b\f"],
  ["\\u003ca href=x\\u003e \\u0026 \\u2028", "<a href=x> & \u2028"],
  ["grüße 世界 😀", "grüße 世界 😀"],
  ["\\u00fc \\u4e16 \\ud83d\\ude00", "ü 世 😀"],
  ["lone \\ud83d and \\ude00!", "lone \ufffd and \ufffd!"],
  ["half \\ud83d\\u0041", "half \ufffdA"],
  ["ends with a backslash \\\\", "ends with a backslash \\"],
  ["unknown \\x and short \\u12", "unknown \\x and short \\u12"],
  ["x".repeat(100) + "\\t" + "y".repeat(100), "x".repeat(100) + "\t" + "y".repeat(100)],
];

for (const [written, content] of ESCAPES) {
  Deno.test(`Docker's text ${JSON.stringify(written).slice(0, 40)} is unescaped`, () => {
    const { kernel, decoder } = setUp();
    const rows = decodeAll(kernel, decoder, encoder.encode(line(`${written}\\n`, "stderr")), () => 1_000_000);
    assertEquals(rows.map(({ content, time, stream, seconds }) => [content, time, stream, seconds]), [
      [content, TIME, "stderr", SECONDS],
    ]);
  });
}

// moby/moby#37646: Docker's log says of a piece only by a missing newline that another follows.
Deno.test("Docker's pieces of 16 KiB are joined, each stream for itself", () => {
  const text = line("out1 \\u0041") + line("err1 ", "stderr") + line("out2 ") + line("err2\\n", "stderr") +
    line("out3\\n");
  assertEquals(contentsOf(text), ["err1 err2", "out1 Aout2 out3"]);
});

Deno.test("a piece that ends at the end of the file is handed out when the container has gone", () => {
  const { kernel, decoder } = setUp();
  const text = line("no newline");
  assertEquals(decodeAll(kernel, decoder, encoder.encode(text), () => 1000), []);
  assertEquals(decoder.flush(text.length, "idle")?.rows, 0);
  const [row] = rowsOf(kernel, decoder.flush(text.length, "ended"));
  assertEquals([row.content, row.time, row.stream], ["no newline", TIME, "stdout"]);
});

const ORDERS: readonly [name: string, text: string][] = [
  ["another order of keys", `{"time":"${TIME}","stream":"stdout","log":"x\\n"}\n`],
  ["attributes", `{"log":"x\\n","stream":"stdout","attrs":{"a":"}\\"","b":"c"},"time":"${TIME}"}\n`],
  ["spaces", `{ "log" : "x\\n" , "stream":"stdout",\t"time": "${TIME}" } \r\n`],
  [
    "numbers, lists and words",
    `{"n":-1.5e3,"l":[1,{"a":"]"}],"t":true,"log":"x\\n","stream":"stdout","time":"${TIME}"}\n`,
  ],
];

for (const [name, text] of ORDERS) {
  Deno.test(`Docker's line with ${name} is understood`, () => assertEquals(contentsOf(text), ["x"]));
}

const BROKEN = [
  "{",
  "{}",
  '{"log":"x\\n"}',
  '{"log":"x',
  '{"log":"x\\n","stream":"stdout"',
  `{"log":"x\\n","stream":"stdlog","time":"${TIME}"}`,
  `{"log":"x\\n","stream":"stdoutx","time":"${TIME}"}`,
  '{"log":"x\\n","stream":"stdout","time":"yesterday"}',
  `{"log":"x\\n","stream":"stdout","time":"${TIME}Z"}`,
  `{"log":1,"stream":"stdout","time":"${TIME}"}`,
  `{"log":"x\\n","stream":"stdout","time":"${TIME}"} more`,
  `{"log":"x\\n" "stream" "stdout","time":"${TIME}"}`,
  `{log:"x\\n","stream":"stdout","time":"${TIME}"}`,
  '{"a":[[[[',
];

for (const text of BROKEN) {
  Deno.test(`${text} is not Docker's, and delivered as it is`, () => {
    const set = setUp({ stdout: false, stderr: true });
    const [row] = decodeAll(set.kernel, set.decoder, encoder.encode(`${text}\n`), () => 1000);
    assertEquals([row.content, row.time, row.stream, row.seconds], [text, "", "", NOW]);
    assertEquals(set.counts.malformed, 1);
  });
}

Deno.test("an unwanted stream of Docker's is left out and counted", () => {
  const set = setUp({ stdout: false, stderr: true });
  assertEquals(contentsOf(line("a\\n") + line("b\\n", "stderr"), set), ["b"]);
  assertEquals(set.counts.filtered, 1);
});

Deno.test("both kinds of lines may be in one file", () => {
  assertEquals(contentsOf(`${TIME} stdout P a\n${line("b\\n")}${TIME} stdout F c\n`), ["ab", "c"]);
});

Deno.test("any text comes back from Docker's file as it was written, however the file is cut", () => {
  const random = seededRandom("docker texts");
  for (let round = 0; round < 200; round++) {
    const texts = Array.from({ length: random.integer(1, 20) }, () => {
      const share = random.next();
      const units = Array.from({ length: random.integer(0, 60) }, () => {
        return random.next() < share
          ? "n"
          : random.pick(["a", "t", "\t", "\r", "\\", '"', "\n", "ü", "世", "😀", "<", "\u0001", "\u2028", "}", "{"]);
      });
      return units.join("");
    });
    const escaped = (text: string) => {
      const json = JSON.stringify(text).slice(1, -1);
      return random.integer(0, 1) === 0 ? json : json.replace(/[<ü世]/g, (char) => {
        return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
      });
    };
    const bytes = encoder.encode(texts.map((text) => line(`${escaped(text)}\\n`)).join(""));
    const { kernel, decoder } = setUp();
    const rows = decodeAll(kernel, decoder, bytes, () => random.integer(1, 400));
    assertEquals(rows.map(({ content }) => content), texts);
  }
});

Deno.test("bytes that look like Docker's never stop decoding", () => {
  const random = seededRandom("docker bytes");
  const pieces = [
    '{"log":"',
    '"',
    "\\",
    "\\u",
    ',"stream":"stdout"',
    ',"time":"',
    TIME,
    "}",
    "{",
    "[",
    "]",
    ":",
    ",",
    "d83d",
    "x",
  ];
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: random.integer(1, 20) }, () => random.pick(pieces)).join("");
    const set = setUp();
    const rows = decodeAll(set.kernel, set.decoder, encoder.encode(`${text}\n`), () => 1000);
    assertEquals(rows.length + (set.decoder.flush(text.length + 1, "ended")?.rows ?? 0), 1, text);
  }
});
