/**
 * `deno task bench:publish`: writes what `bench/results.json` holds into the README's tables and into its chart, `bench/chart.svg`. Format
 * the README then.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { chartOf } from "./chart.ts";
import { parseResults, tablesOf } from "./results.ts";
import { SUITES } from "./suites.ts";
import { machinesText, targetsTable } from "./targets.ts";
import { throughput } from "./throughput.ts";

/** In the README: the section, and what the parts stand between. */
const SECTION = "## How it compares";
const TABLES = ["```text\n", "```"] as const;
const TARGETS = ["<!-- aims -->\n", "<!-- /aims -->"] as const;

const directory = dirname(fromFileUrl(import.meta.url));
const readmePath = join(dirname(directory), "README.md");
const results = parseResults(Deno.readTextFileSync(join(directory, "results.json")));
Deno.writeTextFileSync(join(directory, "chart.svg"), chartOf(throughput.own(results)));

const readme = Deno.readTextFileSync(readmePath);
const withTables = replaced(readme, TABLES, tablesOf(results, SUITES));
Deno.writeTextFileSync(
  readmePath,
  replaced(withTables, TARGETS, `\n${[targetsTable(results), machinesText(results)].join("\n\n").trimEnd()}\n`),
);

/** The text with what is between two marks of the section replaced. */
function replaced(text: string, [opening, closing]: readonly [string, string], part: string): string {
  const before = text.indexOf(opening, text.indexOf(SECTION));
  const start = before + opening.length;
  const end = text.indexOf(closing, start);
  if (before < 0 || end < 0) throw new Error(`README.md lacks ${opening.trim()} or ${closing} behind it`);
  return `${text.slice(0, start)}${part}\n${text.slice(end)}`;
}
