/** @module */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { machinesText, targetsTable } from "./targets.ts";

function speed(agent: string, codec: string, inputMBPerCpuSecond: number, rssMB = 100) {
  return { agent, mode: "plain", codec, inputMBPerCpuSecond, rssMB };
}

/** The last cell of a row, by its first two. */
function measured(rows: Parameters<typeof targetsTable>[0], what: string, wanted: string): string | undefined {
  const cells = targetsTable(rows).split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return cells.find((row) => row[1] === what && row[2] === wanted)?.[3];
}

const rows = [speed("sluice", "none", 500), speed("rsyslog", "none", 100, 300), speed("sluice", "lz4", 425, 120)];

for (
  const [what, wanted, expected] of [
    ["plain, uncompressed", "at least 400 MB/CPU-s", "500 MB/CPU-s"],
    ["plain, lz4", "at least 850 MB/CPU-s", "425 MB/CPU-s: 50 % too few"],
    ["plain, uncompressed", "at least 6 × rsyslog", "5 × rsyslog: 17 % too few"],
    ["plain, lz4", "at least 14 × rsyslog", "not measured"],
    ["memory at work, in all modes", "at most 110 MB", "120 MB: 9 % too much"],
  ] as const
) {
  Deno.test(`${what}, ${wanted}: ${expected}`, () => assertEquals(measured(rows, what, wanted), expected));
}

Deno.test("the speed of rsyslog tells this machine from the one for which the aims were set", () => {
  const regex = { ...speed("rsyslog", "none", 17.4), mode: "regex" };
  const text = machinesText([...rows, regex]);
  assertStringIncludes(
    text,
    "rsyslog did 59 (plain) and 36 (regex) where the aims were set, and does 100 and 17 here.",
  );
  assertEquals(machinesText(rows), "");
});

Deno.test("without results nothing is said to be measured", () => {
  const table = targetsTable([]).split("\n").slice(2);
  for (const line of table) assertStringIncludes(line, "| not measured |");
});
