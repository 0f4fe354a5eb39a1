/** @module */
import { assertEquals, assertThrows } from "@std/assert";
import type { Container } from "../core/container.ts";
import type { ContainerFilterOptions } from "../core/filter_options.ts";
import { compileFilter, FilterError, NO_RULES } from "./filter.ts";

const WEB: Container = {
  id: "1",
  runtime: "containerd",
  name: "nginx",
  image: "nginx",
  state: "running",
  createdMs: 0,
  labels: { "io.kubernetes.container.name": "nginx", tier: "front" },
  env: { TIER: "front", EMPTY: "" },
  pod: { name: "web-1", namespace: "default", uid: "u", labels: { app: "web", track: "stable" } },
  ip: "",
  hostName: "",
  pid: 1,
  logDriver: "cri",
  logPath: "/log",
  mounts: [],
  rootPaths: [],
};
const PLAIN: Container = { ...WEB, pod: undefined };

function reasonFor(rules: Partial<ContainerFilterOptions>, container: Container): string | undefined {
  const decision = compileFilter({ ...NO_RULES, ...rules }).decide(container);
  return decision.matches ? undefined : decision.reason;
}

Deno.test("containers that fulfil the rules match", () => {
  const cases: [rules: Partial<ContainerFilterOptions>, container: Container][] = [
    [{}, WEB],
    [{}, PLAIN],
    [{ includeK8sLabel: { app: "web" } }, WEB],
    [{ includeK8sLabel: { app: "nginx", track: "stable" } }, WEB],
    [{ includeK8sLabel: { app: "" } }, WEB],
    [{ includeK8sLabel: { app: "^w" } }, WEB],
    [{ includeK8sLabel: { app: "^(web|api)$" } }, WEB],
    [{ includeContainerLabel: { "io.kubernetes.container.name": "nginx" } }, WEB],
    [{ includeEnv: { EMPTY: "" } }, WEB],
    [{ includeEnv: { TIER: "front" } }, PLAIN],
    [{ excludeK8sLabel: { app: "api", constructor: "" } }, WEB],
    [{ excludeK8sLabel: { app: "web" } }, PLAIN],
    [{ excludeEnv: { MISSING: "" } }, WEB],
    [{ k8sNamespaceRegex: "^(default)$", k8sPodRegex: "web", k8sContainerRegex: "nginx" }, WEB],
    [{ k8sNamespaceRegex: "efaul" }, WEB],
    [{ k8sPodRegex: "(?i)^WEB-[0-9]$", includeEnv: { TIER: "^fr" }, includeK8sLabel: { app: "" } }, WEB],
    [{}, { ...PLAIN, name: "pause" }],
  ];
  for (const [rules, container] of cases) assertEquals(reasonFor(rules, container), undefined, JSON.stringify(rules));
});

Deno.test("containers that do not are refused with a reason for people", () => {
  const cases: [rules: Partial<ContainerFilterOptions>, container: Container, reason: string][] = [
    [{ includeK8sLabel: { app: "nginx" } }, WEB, 'label app is "web", wanted "nginx"'],
    [{ includeK8sLabel: { app: "WEB" } }, WEB, 'label app is "web", wanted "WEB"'],
    [{ includeK8sLabel: { app: "we" } }, WEB, 'label app is "web", wanted "we"'],
    [{ includeK8sLabel: { app: "^eb" } }, WEB, 'label app is "web", wanted /^eb/'],
    [{ includeK8sLabel: { x: "", app: "api" } }, WEB, 'label x is missing; label app is "web", wanted "api"'],
    [{ includeContainerLabel: { app: "web" } }, WEB, 'container label app is missing, wanted "web"'],
    [{ includeEnv: { toString: "" } }, WEB, "environment variable toString is missing"],
    [{ includeEnv: { TIER: "back" } }, WEB, 'environment variable TIER is "front", wanted "back"'],
    [{ excludeK8sLabel: { app: "" } }, WEB, 'label app is "web", which is excluded'],
    [{ excludeK8sLabel: { x: "y", app: "^w" } }, WEB, 'label app is "web", which is excluded'],
    [{ excludeContainerLabel: { tier: "front" } }, WEB, 'container label tier is "front", which is excluded'],
    [{ excludeEnv: { TIER: "" } }, PLAIN, 'environment variable TIER is "front", which is excluded'],
    [
      { includeEnv: { TIER: "" }, excludeEnv: { TIER: "front" } },
      WEB,
      'environment variable TIER is "front", which is excluded',
    ],
    [{ includeK8sLabel: { app: "web" }, includeEnv: { NO: "" } }, WEB, "environment variable NO is missing"],
    [{ k8sNamespaceRegex: "^(kube-system)$" }, WEB, 'namespace "default" does not match /^(kube-system)$/'],
    [{ k8sPodRegex: "^web$" }, WEB, 'pod "web-1" does not match /^web$/'],
    [{ k8sContainerRegex: "json" }, WEB, 'container "nginx" does not match /json/'],
    [{ k8sContainerRegex: "nginx" }, PLAIN, "it is in no pod, so its container cannot match /nginx/"],
    [{ k8sNamespaceRegex: ".*" }, PLAIN, "it is in no pod, so its namespace cannot match /.*/"],
    [{ includeK8sLabel: { app: "" } }, PLAIN, "it is in no pod, so it has no label app"],
    [{}, { ...WEB, name: "POD" }, "POD only holds the pod's namespaces"],
    [{ k8sContainerRegex: "pause" }, { ...WEB, name: "pause" }, "pause only holds the pod's namespaces"],
  ];
  for (const [rules, container, reason] of cases) assertEquals(reasonFor(rules, container), reason);
});

Deno.test("all broken expressions are named, and nothing is matched instead", () => {
  const rules = { ...NO_RULES, includeK8sLabel: { app: "^(", track: "^[" }, k8sPodRegex: "*", excludeEnv: { A: "(" } };
  const error: FilterError = assertThrows(() => compileFilter(rules), FilterError);
  assertEquals(error.problems.map((problem) => problem.split(" ")[0]), ["/*/", "/^(/", "/^[/"]);
});
