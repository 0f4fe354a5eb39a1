import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { GROK_PATTERNS } from "./grok_patterns.ts";
import { ProcessorGrok, processorGrokOptions } from "./processor_grok.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorGrok, processorGrokOptions(), given);
}

function extract(value: string, given: object): Pairs {
  return trial({ KeepSource: "false", IgnoreParseFailure: "false", ...given }).run([["content", value]])[0];
}

Deno.test("the named parts become fields", () => {
  const cases: readonly [string, object, Pairs][] = [
    ["begin 123.456 end", { Match: ["begin %{NUMBER:n} end"] }, [["n", "123.456"]]],
    ["a 1", { Match: ["%{WORD:w.x} %{INT:n:int}"] }, [["w.x", "a"], ["n", "1"]]],
    ["a 1", { Match: ["%{WORD} (?P<n>\\d)"] }, [["n", "1"]]],
    ["a 1", { Match: ["%{WORD} (\\d)"] }, []],
    ["a 1", { Match: ["%{INT:first}x", "%{INT:second}"] }, [["second", "1"]]],
    ["a=1 b=2", { Match: ["%{WORD:k}=%{INT:v}"] }, [["k", "a"], ["v", "1"], ["k", "b"], ["v", "2"]]],
    ["a b", { Match: ["%{WORD:x} %{WORD:x}"] }, [["x", "b"]]],
    ["x", { Match: ["%{INT:n}?x"] }, []],
    ["id=AB", { Match: ["id=%{ID:id}"], CustomPatterns: { ID: "[A-Z]%{LETTER}", LETTER: "[A-Z]" } }, [["id", "AB"]]],
    ["5", { Match: ["%{INT:n}"], CustomPatterns: { INT: "[a-z]" } }, []],
    ["one\ntwo", { Match: ["%{GREEDYDATA:x}"] }, [["x", "one"], ["x", "two"]]],
    ["x", {}, []],
  ];
  for (const [value, given, expected] of cases) {
    assertEquals(extract(value, given), expected, JSON.stringify([value, given]));
  }
});

Deno.test("the large patterns take the lines that they are for", () => {
  const line = '64.242.88.10 - - [07/Mar/2004:16:05:49 -0800] "GET /a?b=c HTTP/1.1" 401 12846 "-" "curl/7"';
  assertEquals(extract(line, { Match: ["%{COMBINEDAPACHELOG}"] }), [
    ["clientip", "64.242.88.10"],
    ["ident", "-"],
    ["auth", "-"],
    ["timestamp", "07/Mar/2004:16:05:49 -0800"],
    ["verb", "GET"],
    ["request", "/a?b=c"],
    ["httpversion", "1.1"],
    ["response", "401"],
    ["bytes", "12846"],
    ["referrer", '"-"'],
    ["agent", '"curl/7"'],
  ]);
  assertEquals(extract("May 14 13:29:11 czarknado colord[1324]: x", { Match: ["%{SYSLOGBASE}"] }), [
    ["timestamp", "May 14 13:29:11"],
    ["logsource", "czarknado"],
    ["program", "colord"],
    ["pid", "1324"],
  ]);
});

Deno.test("each pattern matches what it is called, as a whole", () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    IP: [
      "10.0.0.1",
      "::",
      "::1",
      "fe80::1%eth0",
      "1:2:3:4:5:6:7:8",
      "1::8",
      "::ffff:10.0.0.1",
      "1:2:3:4:5:6:1.2.3.4",
      "1:2::",
    ],
    TIMESTAMP_ISO8601: ["2022-07-13T23:45:54.976+08:00", "2022-07-13 23:45:54,1", "2022-07-13T23:45Z"],
    QUOTEDSTRING: ['"a \\" b"', "'x'", "``"],
    URI: ["http://user:pw@example.com/a/b?c=d", "ftp://10.0.0.1"],
    HTTPDATE: ["13/Jul/2022:15:45:54 +0000"],
    UUID: ["07f75a79-da69-40ac-ae2b-77a632929cc6"],
    MAC: ["aa:bb:cc:dd:ee:ff", "aabb.ccdd.eeff", "AA-BB-CC-DD-EE-FF"],
    EMAILADDRESS: ["some.one@example.com"],
    LOGLEVEL: ["INFO", "warning", "Error"],
    UNIXPATH: ["/var/log/pods", "/"],
    WINPATH: ["C:\\Windows\\x.log"],
    HOSTNAME: ["node-1.example.com"],
    BASE16NUM: ["0xAF", "-1f"],
    DATESTAMP: ["07/13/2022 23:45:54", "13.07.22-01:02:03"],
    DATESTAMP_RFC2822: ["Wed, 13 Jul 2022 23:45:54 +0800"],
    TTY: ["/dev/pts/1"],
  };
  for (const [name, texts] of Object.entries(cases)) {
    for (const value of texts) assertEquals(extract(value, { Match: [`^%{${name}:x}$`] }), [["x", value]], name);
  }
  const wrong = { IPV4: "256.1.1.1", IPV6: "1:2:3:4:5:6:7:8:9", MONTHNUM: "13", UUID: "07f7", POSINT: "0", HOUR: "24" };
  for (const [name, value] of Object.entries(wrong)) {
    assertEquals(extract(value, { Match: [`^%{${name}:x}$`] }), [], name);
  }
});

Deno.test("every pattern can be used", () => {
  const Match = Object.keys(GROK_PATTERNS).map((name) => `%{${name}:x}`);
  assertEquals(refusals(processorGrokOptions(), { Match }), []);
});

Deno.test("the source goes or stays as the options say", () => {
  const cases: readonly [string, object, Pairs][] = [
    ["1", {}, [["content", "1"], ["n", "1"]]],
    ["1", { KeepSource: "false" }, [["n", "1"]]],
    ["x", {}, [["content", "x"]]],
    ["x", { KeepSource: "false" }, [["content", "x"]]],
    ["x", { IgnoreParseFailure: "false" }, []],
  ];
  for (const [value, given, expected] of cases) {
    assertEquals(trial({ Match: ["%{INT:n}"], ...given }).run([["content", value]]), [expected]);
  }
  assertEquals(trial({ Match: ["%{INT:n}"], SourceKey: "" }).run([["a", "1"], ["b", "2"]]), [[
    ["a", "1"],
    ["b", "2"],
    ["n", "1"],
    ["n", "2"],
  ]]);
});

Deno.test("NoKeyError, NoMatchError: what is wrong is counted, and told where they ask for it", () => {
  for (const [isTold, lines] of [["true", 2], ["false", 0]] as const) {
    const one = trial({ Match: ["%{INT:n}"], NoKeyError: isTold, NoMatchError: isTold });
    one.run([["content", "x"]], [["d", "1"]]);
    assertEquals([one.processor.counts, one.log.lines.length], [
      { processed: 2, missing: 1, failed: 1, dropped: 0 },
      lines,
    ]);
  }
});

Deno.test("expressions that cannot be are refused, all at once", () => {
  const bomb = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`B${i}`, `%{B${i + 1}}%{B${i + 1}}`]));
  const CustomPatterns = { A: "%{B}", B: "%{A}", ...bomb, B30: "x" };
  const given = { CustomPatterns, Match: ["%{NO}", "%{A}", "(", "%{B0}"], CustomPatternDir: ["/x"] };
  assertEquals(refusals(processorGrokOptions(), given), [
    "CustomPatternDir.0: there is no such file (/x)",
    "Match.0: not a usable grok expression: there is no pattern NO",
    "Match.1: not a usable grok expression: pattern A leads back to itself",
    "Match.2: not a usable grok expression: Unterminated group",
    "Match.3: not a usable grok expression: it is too large with all its patterns",
  ]);
});

processorCases("processor_grok", ProcessorGrok, processorGrokOptions(), {
  defaults: { Match: ["%{WORD:w} %{INT:n}"], KeepSource: "false" },
}, {
  "Match: named captures become fields": [{}, [["content", "a 1"]], [["w", "a"], ["n", "1"]]],
  "Match: captures without a name give none": [{ Match: ["%{WORD} %{INT:n}"] }, [["content", "a 1"]], [["n", "1"]]],
  "Match: the first expression that matches counts": [{ Match: ["%{INT:i}$", "%{WORD:w}"] }, [["content", "a"]], [
    ["w", "a"],
  ]],
  "CustomPatterns: may be named like the built-in ones": [
    { Match: ["%{HEX:h}"], CustomPatterns: { HEX: "[0-9a-f]+" } },
    [["content", "ff"]],
    [["h", "ff"]],
  ],
  "CustomPatterns: replace built-in ones": [{ Match: ["%{INT:h}"], CustomPatterns: { INT: "x+" } }, [
    ["content", "1xx"],
  ], [["h", "xx"]]],
  "SourceKey: another field": [{ SourceKey: "s" }, [["s", "a 1"], ["content", "b 2"]], [
    ["content", "b 2"],
    ["w", "a"],
    ["n", "1"],
  ]],
  "KeepSource on, the default: the source stays": [{ KeepSource: "true" }, [["content", "a 1"]], [
    ["content", "a 1"],
    ["w", "a"],
    ["n", "1"],
  ]],
  "IgnoreParseFailure on, the default: the source stays without a match": [{}, [["content", "?"]], [["content", "?"]]],
  "IgnoreParseFailure off: the source goes without a match": [{ IgnoreParseFailure: "false" }, [["content", "?"], [
    "k",
    "v",
  ]], [["k", "v"]]],
  "SourceKey: a record without it stays as it is": [{}, [["k", "v"]], [["k", "v"]]],
});

Deno.test("processor_grok: TimeoutMilliSeconds and TimeoutError have no effect", () => {
  const given = { Match: ["%{INT:n}"], TimeoutMilliSeconds: "1", TimeoutError: "false" };
  assertEquals(trial(given).run([["content", "7"]]), [[["content", "7"], ["n", "7"]]]);
});
