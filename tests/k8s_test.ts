/**
 * The manifests in `k8s/`: those of the walk-through, as a user would apply them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { parseAllDocuments } from "yaml";
import { checkConfig } from "../src/cli/check.ts";
import { makeDenoEnv } from "../src/core/deno_env.ts";
import { plugins } from "../src/plugins.ts";

const directory = join(dirname(dirname(fromFileUrl(import.meta.url))), "k8s");

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
}

function documentsOf(name: string): Manifest[] {
  const documents = parseAllDocuments(Deno.readTextFileSync(join(directory, name)));
  assert(Array.isArray(documents));
  return documents.map((document) => {
    assertEquals(document.errors, []);
    return document.toJS();
  });
}

const names = [...Deno.readDirSync(directory)].map(({ name }) => name).toSorted();

for (const name of names) {
  Deno.test(`k8s/${name} is a manifest`, () => {
    for (const { kind, metadata } of documentsOf(name)) assert(kind && metadata.name);
  });
}

for (const name of names.filter((name) => documentsOf(name).some(({ kind }) => kind === "ConfigMap"))) {
  const pipelineCount = documentsOf(name).flatMap(({ data }) => Object.keys(data)).length;

  Deno.test(`sluice check accepts k8s/${name}`, () => {
    const { lines, isGood } = checkConfig([join(directory, name)], plugins, makeDenoEnv().files);
    assertEquals(lines, [`${pipelineCount} pipeline${pipelineCount === 1 ? "" : "s"} can run`]);
    assertEquals(isGood, true);
  });
}
