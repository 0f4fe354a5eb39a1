import { assertEquals } from "@std/assert";
import { expandManifest } from "./config_map.ts";
import { parseConfigFile } from "./load.ts";
import { formatProblem } from "./problem.ts";
import { placeOf } from "./tree.ts";

const MANIFESTS = `apiVersion: v1
kind: Namespace
metadata:
  name: logs
---
apiVersion: v1
kind: ConfigMap
data:
  first.yaml: |
    enable: true
    inputs:
      - Type: x
  notes.txt: |
    not a pipeline
  second.yml: |+

      enable: true
      enable: false
  folded.yaml: >
    enable: true
---
kind: ConfigMap
apiVersion: v1
`;

const expand = (text: string) => expandManifest({ path: "k8s.yaml", name: "k8s", text });

Deno.test("a ConfigMap's pipelines are found, and nothing else of a manifest", () => {
  assertEquals(expand(MANIFESTS).map((text) => text.name), ["first", "second", "folded"]);
  assertEquals(expand("apiVersion: v1\nkind: Namespace\n"), []);
});

Deno.test("places within a literal block are the manifest's", () => {
  const [first, second, folded] = expand(MANIFESTS).map(parseConfigFile);
  if (first.document === undefined || folded.document === undefined) throw new Error("not parsed");
  assertEquals(placeOf(first.document, ["inputs", 0, "Type"]), { line: 12, column: 15 });
  assertEquals(placeOf(folded.document, ["enable"]), { line: 19, column: 16 });
  assertEquals(second.problems.all.map(formatProblem), ['k8s.yaml:18:7 error: "enable" was already given on line 17']);
});

Deno.test("a pipeline file stays what it is", () => {
  for (const text of ["inputs: []\n", "", "- a\n", "a: [", "kind: x\n", "- ".repeat(20_000)]) {
    assertEquals(expand(text).map((one) => one.text), [text]);
  }
});
