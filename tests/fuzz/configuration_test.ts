/**
 * The configuration loader on mutated pipeline files: it never throws, ends in a second, and everything it does not take is an error of a
 * pipeline.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { expandManifest } from "../../src/config/config_map.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { loadPipelines } from "../../src/config/validate.ts";
import { plugins } from "../../src/plugins.ts";
import type { Random } from "../support/random.ts";
import { fuzz } from "./fuzz.ts";
import { memoryFiles, memoryPath } from "./memory_files.ts";
import { Mutator } from "./mutate.ts";

const GOLDEN = new URL("../golden/", import.meta.url);
const MANIFESTS = new URL("../../k8s/", import.meta.url);
const NAME = /[A-Z][A-Za-z0-9]{3,}|(?:processor|flusher|input|service)_\w+/g;
const SYNTAX = [
  ..."[]{}:,-?&*!|>'\"%@`#\n\t \\.~",
  ...[
    "- ",
    ": ",
    "  ",
    "\n  - ",
    "\n- ",
    "---\n",
    "...\n",
    "&a ",
    "*a",
    "*a, ",
    "<<: *a",
    "!!map",
    "!!binary ",
    "? ",
    "| \n",
    ">-\n",
  ],
  ...[
    "[[",
    "{a: ",
    "[*a,*a]",
    "&b [*a,*a,*a,*a]",
    "\r\n",
    "\0",
    "\ufeff",
    "\u2028",
    "${A}",
    "${A:b}",
    "$$",
    "null",
    "true",
    "1e999",
  ],
  ...[
    "(a+)+",
    "(?:",
    "(?P<a>",
    "\\p{L}",
    "[^",
    "{1,1000}",
    "(.*)",
    "^$",
    "%{A}",
    "%{DATA:x}",
    "2006-01-02",
    "__proto__",
    "constructor",
  ],
];

function textsIn(directory: URL): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return textsIn(new URL(`${name}/`, directory));
    return /\.(yaml|json)$/.test(name) ? [Deno.readTextFileSync(new URL(name, directory))] : [];
  });
}

const ALIASES = "a: &a {b: 1}\nc: [*a, *a, *a]\nd: &d [*a, &e [[], {}], *a]\n";
const samples = [...textsIn(GOLDEN), ...textsIn(MANIFESTS), ALIASES];
const names = new Set(samples.flatMap((text) => text.match(NAME) ?? []));
const mutator = new Mutator(samples, [...SYNTAX, ...SYNTAX, ...names]);

function loadMutant(random: Random): void {
  const text = mutator.mutantText(random);
  const path = memoryPath("mutant.yaml");
  const variables = random.integer(0, 1) === 0 ? undefined : (name: string) => name === "A" ? "a: [b" : undefined;
  const loaded = loadPipelines(path, plugins, memoryFiles(new Map([[path, text]])), variables);
  assertEquals(loaded.pipelines.length + loaded.disabled.length + loaded.broken.length, 1);
  const errors = loaded.problems.filter(({ severity }) => severity === "error");
  assertEquals(errors.length > 0, loaded.broken.length > 0, "a pipeline is broken when it has an error");
  for (const problem of loaded.problems) assert(problem.line >= 0 && formatProblem(problem) !== "");
  expandManifest({ path, name: "mutant", text });
}

Deno.test("a mutated pipeline file is loaded or its errors are told, within a second", async () => {
  assert(await fuzz("configuration", loadMutant) > 20);
});
