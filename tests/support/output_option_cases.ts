/**
 * Every option of `service_docker_stdout` and `input_container_stdio`, and what its pipeline must bring of the containers below.
 *
 * @module
 */
import { containerOf, fields, type OptionCase, type OptionContainer } from "./option_scene.ts";
import { OLD_LINES, OLD_SCRIPT, SEVERAL, SEVERAL_SCRIPT, shownEnd } from "./option_texts.ts";
import { fieldsOf, valueOf } from "./seed_form.ts";

const LONG_LINE = "x".repeat(100_000);
const GBK_HELLO = `printf '\\304\\343\\272\\303\\n'`;
/** A line that the tests add to the logs of two containers. */
export const BROKEN = "no line of a runtime";

const both = (role: string, script: string): OptionContainer[] => [
  { kind: "pod", name: `${role}-c`, env: { ROLE: role }, script },
  { kind: "docker", name: `${role}-d`, env: { ROLE: role }, script },
];
const output = (name: string) => `echo ${name} out; echo ${name} err >&2`;

/** Of both runtimes; what most of them print tells their name and the stream. */
export const OUTPUT_CONTAINERS: readonly OptionContainer[] = [
  {
    kind: "pod",
    name: "web",
    pod: "shop-1",
    namespace: "shop",
    labels: { app: "web", tier: "front" },
    env: { ROLE: "web", SIZE: "7" },
    script: output("web"),
  },
  {
    kind: "pod",
    name: "db",
    pod: "store-1",
    namespace: "store",
    labels: { app: "db" },
    env: { ROLE: "db" },
    script: output("db"),
  },
  {
    kind: "docker pod",
    name: "proxy",
    pod: "edge-1",
    namespace: "edge",
    labels: { app: "proxy" },
    env: { ROLE: "proxy" },
    script: output("proxy"),
  },
  { kind: "docker", name: "plain", labels: { team: "ops" }, env: { ROLE: "plain" }, script: output("plain") },
  ...both("several", SEVERAL_SCRIPT),
  ...both("long", `head -c ${LONG_LINE.length} /dev/zero | tr "\\0" x; echo`),
  ...both("old", OLD_SCRIPT),
  ...both("broken", "echo whole"),
  { kind: "pod", name: "gbk-c", env: { ROLE: "gbk" }, script: GBK_HELLO },
];

/** Both streams of these containers. */
const of = (...names: string[]) => names.flatMap((name) => [`${name}: ${name} out`, `${name}: ${name} err`]);
/** The same text from both runtimes. */
const from = (role: string, ...texts: string[]) =>
  ["c", "d"].flatMap((end) => texts.map((one) => `${role}-${end}: ${one}`));
const env = (role: string): string => `IncludeEnv: { ROLE: '${role}' }`;
/** Containers with one stream of each kind, one of each runtime. */
const WEB_PLAIN = env("^(web|plain)$");
const OTHERS = "ExcludeEnv: { ROLE: '^(several|long|old|broken|gbk)$' }";
const endOfOld = (linesMax: number) => shownEnd(["old-c", "old-d"], linesMax);
const END_OF_OLD = ["old-c: its end", "old-d: its end"];

/** Options that choose containers, as both inputs know them. */
const FILTERS: readonly OptionCase[] = [
  {
    name: "IncludeContainerLabel: labels of the container, of the kubelet or of Docker's user",
    options: [
      "IncludeContainerLabel: { io.kubernetes.container.name: web, team: ops }",
    ],
    wanted: of("web", "plain"),
  },
  {
    name: "ExcludeContainerLabel: wins over what is included",
    options: [
      "IncludeContainerLabel: { io.kubernetes.pod.namespace: '^(shop|store|edge)$' }",
      "ExcludeContainerLabel:",
      "  io.kubernetes.container.name: db",
    ],
    wanted: of("web", "proxy"),
  },
  {
    name: "IncludeEnv: a value, a regular expression, or any value",
    options: ["IncludeEnv: { SIZE: '', ROLE: '^pl' }"],
    wanted: of("web", "plain"),
  },
  { name: "ExcludeEnv: leaves out", options: [OTHERS, "K8sNamespaceRegex: ^(shop|store)$"], wanted: of("web", "db") },
  {
    name: "IncludeK8sLabel: labels of the pod, in Docker those of the pause container",
    options: ["IncludeK8sLabel: { tier: front, app: '^prox' }"],
    wanted: of("web", "proxy"),
  },
  {
    name: "ExcludeK8sLabel: leaves out",
    options: [OTHERS, "ExcludeK8sLabel: { tier: '', app: proxy }"],
    wanted: of("db", "plain"),
  },
  {
    name: "K8sNamespaceRegex: is searched for in the namespace",
    options: ["K8sNamespaceRegex: ^(shop|edge)$"],
    wanted: of("web", "proxy"),
  },
  {
    name: "K8sPodRegex: is searched for in the pod's name",
    options: ["K8sPodRegex: ^(store|edge)-"],
    wanted: of("db", "proxy"),
  },
  {
    name: "K8sContainerRegex: is searched for in the container's name",
    options: ["K8sContainerRegex: ^prox"],
    wanted: of("proxy"),
  },
];

const EXTERNAL_ENV = `ExternalEnvTag: { SIZE: size, ROLE: role }`;
const EXTERNAL_LABEL = `ExternalK8sLabelTag: { app: app, tier: tier }`;

/** Those of `service_docker_stdout`. */
export const DOCKER_STDOUT_CASES: readonly OptionCase[] = [
  ...FILTERS,
  {
    name: "IncludeLabel: the old name of IncludeContainerLabel",
    options: ["IncludeLabel: { team: ops }"],
    wanted: of("plain"),
  },
  {
    name: "ExcludeLabel: the old name of ExcludeContainerLabel",
    options: [WEB_PLAIN, "ExcludeLabel: { team: '' }"],
    wanted: of("web"),
  },
  {
    name: "ExternalEnvTag: a tag of a variable, empty where there is none",
    options: [WEB_PLAIN, EXTERNAL_ENV],
    shown: fields("content", "size", "role"),
    wanted: ["web web out 7 web", "web web err 7 web", "plain plain out  plain", "plain plain err  plain"],
  },
  {
    name: "ExternalK8sLabelTag: a tag of the pod's label, empty where there is none",
    options: [env("^(db|plain)$"), EXTERNAL_LABEL],
    shown: fields("content", "app", "tier"),
    wanted: ["db db out db ", "db db err db ", "plain plain out  ", "plain plain err  "],
  },
  {
    name: "Stdout: false leaves standard error",
    options: [WEB_PLAIN, "Stdout: false"],
    wanted: ["web: web err", "plain: plain err"],
  },
  {
    name: "Stderr: false leaves standard output",
    options: [WEB_PLAIN, "Stderr: false"],
    wanted: ["web: web out", "plain: plain out"],
  },
  {
    name: "Stdout and Stderr: both false collects standard output",
    options: [WEB_PLAIN, "Stdout: false", "Stderr: false"],
    wanted: ["web: web out", "plain: plain out"],
  },
  {
    name: "BeginLineRegex: begins a record, the last of which waits for more",
    options: [env("several"), "BeginLineRegex: ^start", "BeginLineTimeoutMs: 3600000"],
    wanted: from("several", ...SEVERAL.complete),
  },
  {
    name: "BeginLineTimeoutMs: ends a record to which nothing comes",
    options: [env("several"), "BeginLineRegex: ^start", "BeginLineTimeoutMs: 1000"],
    wanted: from("several", ...SEVERAL.all),
  },
  {
    name: "BeginLineCheckLength: only so many bytes are looked at",
    options: [env("several"), "BeginLineRegex: 'start [23]'", "BeginLineCheckLength: 5", "BeginLineTimeoutMs: 1000"],
    wanted: from("several", SEVERAL.all.join("\n")),
  },
  {
    name: "MaxLogSize: a longer record is cut",
    options: [env("long"), "MaxLogSize: 40000"],
    shown: (messages) =>
      ["long-c", "long-d"].map((name) => {
        const pieces = messages.filter((one) => containerOf(one) === name).map((one) => valueOf(one, "content"));
        return `${name}: ${
          pieces.join("") === LONG_LINE && pieces.length > 2 && pieces.every((one) => one.length <= 40_000)
        }`;
      }),
    wanted: ["long-c: true", "long-d: true"],
  },
  {
    name: "StartLogMaxOffset: how much of an old log is read",
    options: [env("old"), "StartLogMaxOffset: 20000"],
    shown: endOfOld(25),
    wanted: END_OF_OLD,
  },
  {
    name: "FlushIntervalMs: changes nothing",
    options: [WEB_PLAIN, "FlushIntervalMs: 100"],
    wanted: of("web", "plain"),
  },
  { name: "ReadIntervalMs: changes nothing", options: [WEB_PLAIN, "ReadIntervalMs: 5000"], wanted: of("web", "plain") },
  {
    name: "SaveCheckPointSec: changes nothing",
    options: [WEB_PLAIN, "SaveCheckPointSec: 5"],
    wanted: of("web", "plain"),
  },
  {
    name: "CloseUnChangedSec: changes nothing",
    options: [WEB_PLAIN, "CloseUnChangedSec: 10"],
    wanted: of("web", "plain"),
  },
  {
    name: "LogtailInDocker: changes nothing",
    options: [WEB_PLAIN, "LogtailInDocker: false"],
    wanted: of("web", "plain"),
  },
  {
    name: "CollectContainersFlag: changes nothing",
    options: [WEB_PLAIN, "CollectContainersFlag: true"],
    wanted: of("web", "plain"),
  },
];

const FILTERED = "ContainerFilters:";
const SHARED = "AllowingIncludedByMultiConfigs: true";
const chosen = (filter: string) => [SHARED, FILTERED, `  ${filter}`];

/** Those of `input_container_stdio`. */
export const CONTAINER_STDIO_CASES: readonly OptionCase[] = [
  ...FILTERS.map(({ name, options, wanted }) => ({
    name: `ContainerFilters.${name}`,
    options: [SHARED, FILTERED, ...options.map((line) => `  ${line}`)],
    wanted,
  })),
  {
    name: "IgnoringStdout: leaves standard error",
    options: [...chosen(WEB_PLAIN), "IgnoringStdout: true"],
    wanted: ["web: web err", "plain: plain err"],
  },
  {
    name: "IgnoringStderr: leaves standard output",
    options: [...chosen(WEB_PLAIN), "IgnoringStderr: true"],
    wanted: ["web: web out", "plain: plain out"],
  },
  {
    name: "TailSizeKB: how much of an old log is read",
    options: [...chosen(env("old")), "TailSizeKB: 20"],
    shown: endOfOld(25),
    wanted: END_OF_OLD,
  },
  {
    name: "Multiline: StartPattern begins a record, the last of which waits for more",
    options: [...chosen(env("several")), "Multiline: { StartPattern: start.* }", "FlushTimeoutSecs: 3600"],
    wanted: from("several", ...SEVERAL.complete),
  },
  {
    name: "Multiline: Mode custom; StartPattern with EndPattern, UnmatchedContentTreatment: discard",
    options: [
      ...chosen(env("several")),
      "Multiline: { Mode: custom, StartPattern: start.*, EndPattern: end, UnmatchedContentTreatment: discard }",
      "FlushTimeoutSecs: 3600",
    ],
    wanted: from("several", ...SEVERAL.complete.slice(1)),
  },
  {
    name:
      "Multiline: ContinuePattern with StartPattern, UnmatchedContentTreatment: single_line; IgnoringUnmatchWarning",
    options: [
      ...chosen(env("several")),
      "Multiline: { StartPattern: start.*, ContinuePattern: ' .*', UnmatchedContentTreatment: single_line, IgnoringUnmatchWarning: true }",
      "FlushTimeoutSecs: 1",
    ],
    wanted: from("several", ...SEVERAL.continued),
  },
  {
    name: "FlushTimeoutSecs: ends a record to which nothing comes",
    options: [...chosen(env("several")), "Multiline: { StartPattern: start.* }", "FlushTimeoutSecs: 1"],
    wanted: from("several", ...SEVERAL.all),
  },
  {
    name: "FileEncoding: gbk arrives as UTF-8",
    options: [...chosen(env("gbk")), "FileEncoding: gbk"],
    wanted: ["gbk-c: 你好"],
  },
  {
    name: "ExternalK8sLabelTag: a tag of the pod's label, none where there is no label",
    options: [...chosen(env("^(db|plain)$")), EXTERNAL_LABEL],
    shown: fields("content", "app", "tier"),
    wanted: ["db db out db -", "db db err db -", "plain plain out - -", "plain plain err - -"],
  },
  {
    name: "ExternalEnvTag: a tag of a variable, none where there is no variable",
    options: [...chosen(WEB_PLAIN), EXTERNAL_ENV],
    shown: fields("content", "size", "role"),
    wanted: ["web web out 7 web", "web web err 7 web", "plain plain out - plain", "plain plain err - plain"],
  },
  {
    name: "CollectingContainersMeta: changes nothing",
    options: [...chosen(WEB_PLAIN), "CollectingContainersMeta: true"],
    wanted: of("web", "plain"),
  },
  {
    name: "CloseUnusedReaderIntervalSec: changes nothing",
    options: [...chosen(WEB_PLAIN), "CloseUnusedReaderIntervalSec: 10"],
    wanted: of("web", "plain"),
  },
  {
    name: "RotatorQueueSize: changes nothing",
    options: [...chosen(WEB_PLAIN), "RotatorQueueSize: 5"],
    wanted: of("web", "plain"),
  },
  {
    name: "AllowingIncludedByMultiConfigs: a container may be for many pipelines",
    options: chosen(WEB_PLAIN),
    wanted: of("web", "plain"),
  },
  {
    name: "KeepingSourceWhenParseFail: a line of no runtime's form is kept, as it is by default",
    options: [...chosen(env("broken")), "KeepingSourceWhenParseFail: true", "IgnoreParseWarning: true"],
    wanted: from("broken", "whole", BROKEN),
  },
  {
    name: "KeepingSourceWhenParseFail: false drops it",
    options: [...chosen(env("broken")), "KeepingSourceWhenParseFail: false", "IgnoreParseWarning: true"],
    wanted: from("broken", "whole"),
  },
  {
    name:
      "Tags: K8sNamespaceTagKey, K8sPodNameTagKey, K8sPodUidTagKey, ContainerNameTagKey, ContainerIpTagKey, ContainerImageNameTagKey",
    options: [
      ...chosen(env("web")),
      "Tags:",
      "  { K8sNamespaceTagKey: space, K8sPodNameTagKey: pod, K8sPodUidTagKey: '', ContainerNameTagKey: box,",
      "    ContainerIpTagKey: '', ContainerImageNameTagKey: image }",
    ],
    shown: (messages) => messages.map((one) => fieldsOf(one).map(([name]) => name).join(" ")),
    wanted: Array(2).fill("content _time_ _source_ image box pod space"),
  },
  {
    name: "Tags: ContainerImageTagKey: as the original's manual calls it",
    options: [...chosen(env("db")), "Tags: { ContainerImageTagKey: picture }"],
    shown: fields("content", "picture"),
    wanted: ["out", "err"].map((end) => `db db ${end} docker.io/library/nginx:latest`),
  },
  {
    name: "ReadDelaySkipThresholdBytes: what is far behind its end is read on near it",
    options: [...chosen(env("old")), "ReadDelaySkipThresholdBytes: 100000"],
    shown: endOfOld(OLD_LINES - 100),
    wanted: END_OF_OLD,
  },
];
