/**
 * `deno task bench:publish`: writes what `bench/results.json` holds into the README's tables and into its chart, `bench/chart.svg`.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { chartOf } from "./chart.ts";
import { parseResults, tablesOf } from "./results.ts";
import { SUITES } from "./suites.ts";
import { throughput } from "./throughput.ts";

/** In the README, what is before the tables and behind them. */
const [BEFORE, BEHIND] = ["## How it compares", "```"];
const OPENING = "```text\n";

const directory = dirname(fromFileUrl(import.meta.url));
const readmePath = join(dirname(directory), "README.md");
const results = parseResults(Deno.readTextFileSync(join(directory, "results.json")));
Deno.writeTextFileSync(join(directory, "chart.svg"), chartOf(throughput.own(results)));

const readme = Deno.readTextFileSync(readmePath);
const start = readme.indexOf(OPENING, readme.indexOf(BEFORE)) + OPENING.length;
const end = readme.indexOf(BEHIND, start);
Deno.writeTextFileSync(readmePath, `${readme.slice(0, start)}${tablesOf(results, SUITES)}\n${readme.slice(end)}`);
