import { assertEquals } from "@std/assert";
import * as z from "zod";
import { warningOf } from "../core/option_notes.ts";
import { containerOptions, containerShape, refuseContainerOptions } from "./container_options.ts";

const schema = z.object(containerShape());
const faults = (checked: z.ZodType, given: object) => {
  return checked.safeParse(given).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
};

Deno.test("without options all containers are wanted, with no more tags", () => {
  const { filter, externalTags } = containerOptions(schema.parse({}));
  assertEquals(Object.values(filter).filter((rule) => typeof rule === "string"), ["", "", ""]);
  assertEquals(Object.values(filter).filter((rule) => typeof rule !== "string"), [{}, {}, {}, {}, {}, {}]);
  assertEquals(externalTags, { envTag: {}, k8sLabelTag: {}, missing: "omit" });
});

Deno.test("ContainerFilters chooses containers", () => {
  const ContainerFilters = {
    K8sNamespaceRegex: "^(default)$",
    K8sPodRegex: "^(nginx-.*)$",
    K8sContainerRegex: "nginx",
    IncludeK8sLabel: { a: "1" },
    ExcludeK8sLabel: { b: "2" },
    IncludeEnv: { c: "3" },
    ExcludeEnv: { d: "4" },
    IncludeContainerLabel: { "io.kubernetes.container.name": "json-log" },
    ExcludeContainerLabel: { f: "^6$" },
  };
  assertEquals(containerOptions(schema.parse({ ContainerFilters })).filter, {
    k8sNamespaceRegex: "^(default)$",
    k8sPodRegex: "^(nginx-.*)$",
    k8sContainerRegex: "nginx",
    includeK8sLabel: { a: "1" },
    excludeK8sLabel: { b: "2" },
    includeEnv: { c: "3" },
    excludeEnv: { d: "4" },
    includeContainerLabel: { "io.kubernetes.container.name": "json-log" },
    excludeContainerLabel: { f: "^6$" },
  });
  const broken = { ContainerFilters: { K8sPodRegex: "(", ExcludeEnv: { a: "^(" } } };
  assertEquals(faults(schema, broken).map((fault) => fault.split(":")[0]), [
    "ContainerFilters.ExcludeEnv.a",
    "ContainerFilters.K8sPodRegex",
  ]);
});

Deno.test("a filter beside the section in place of in it is an error, because it would be overlooked", () => {
  assertEquals(faults(schema, { IncludeK8sLabel: { app: "web" }, K8sPodRegex: "^web" }), [
    "IncludeK8sLabel: belongs under ContainerFilters",
    "K8sPodRegex: belongs under ContainerFilters",
  ]);
  assertEquals(faults(schema, { IncludeK8sLabel: {}, K8sPodRegex: "" }), []);
});

Deno.test("ExternalEnvTag and ExternalK8sLabelTag name tags", () => {
  const given = { ExternalEnvTag: { STAGE: "stage" }, ExternalK8sLabelTag: { app: "_app_" } };
  const { externalTags } = containerOptions(schema.parse(given));
  assertEquals(externalTags, { envTag: { STAGE: "stage" }, k8sLabelTag: { app: "_app_" }, missing: "omit" });
  assertEquals(faults(schema, { ExternalEnvTag: { STAGE: "" } }), [
    "ExternalEnvTag.STAGE: must be a tag's name, not empty",
  ]);
});

Deno.test("CollectingContainersMeta is ignored with a warning", () => {
  assertEquals(warningOf(schema.shape.CollectingContainersMeta, "true"), "not supported yet, ignored");
  assertEquals(warningOf(schema.shape.CollectingContainersMeta, "false"), undefined);
  assertEquals(faults(schema, { CollectingContainersMeta: "true" }), []);
});

Deno.test("options of containers are errors where no containers are looked for", () => {
  const checked = schema.superRefine(refuseContainerOptions);
  const given = {
    ContainerFilters: { IncludeEnv: { A: "" } },
    ExternalEnvTag: { A: "a" },
    ExternalK8sLabelTag: { b: "b" },
  };
  const message = "has no effect without EnableContainerDiscovery: true";
  assertEquals(faults(checked, given).toSorted(), Object.keys(given).map((name) => `${name}: ${message}`).toSorted());
  assertEquals(faults(checked, { ContainerFilters: {}, ExternalEnvTag: {} }), []);
});
