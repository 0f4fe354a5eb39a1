/** @module */
import { assertEquals } from "@std/assert";
import { parseResults, tablesOf, updated } from "./results.ts";
import { type Row, suiteOf } from "./suite.ts";

const agentColumn = { head: "agent", isText: true, cell: ({ agent }: Row) => agent };
const measure = () => Promise.resolve([]);
const first = suiteOf({ modes: ["plain", "docker"], measure, columns: [agentColumn] });
const modeColumn = { head: "mode", cell: ({ mode }: Row) => mode };
const second = suiteOf({ modes: ["idle"], measure, columns: [agentColumn, modeColumn] });
const MODES = [...first.modes, ...second.modes];

Deno.test("each suite has a table of its own rows, and none without any", () => {
  const rows = [{ agent: "one", mode: "idle" }, { agent: "two", mode: "plain" }];
  assertEquals(tablesOf(rows, [first, second]), "agent\ntwo\n\nagent  mode\none    idle");
  assertEquals(tablesOf(rows, [first]), "agent\ntwo");
  assertEquals(tablesOf([], [first, second]), "");
});

Deno.test("new results replace those of their modes and leave the others", () => {
  const before = ["old plain", "gone plain", "quiet idle"].map(rowOf);
  const after = (...names: string[]) =>
    updated(before, names.map(rowOf), MODES).map(({ agent, mode }) => `${agent} ${mode}`);
  assertEquals(after("new plain"), ["new plain", "quiet idle"]);
  assertEquals(after("new idle"), ["old plain", "gone plain", "new idle"]);
  assertEquals(after("new docker"), ["old plain", "gone plain", "new docker", "quiet idle"]);
});

Deno.test("results are read as they were written, and an empty file has none", () => {
  const results = ["one plain", "two idle"].map(rowOf);
  assertEquals(parseResults(JSON.stringify(results)), results);
  assertEquals(parseResults(""), []);
});

function rowOf(text: string): Row {
  const [agent, mode] = text.split(" ");
  return { agent, mode };
}
