/**
 * The options of `service_docker_stdout`: every one of the original, with its type and default. Those not built yet are refused
 * where the records would differ without them. Differs on purpose: without `StartLogMaxOffset` a container is read from its
 * first byte (the original skips all but the last 128 KiB).
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/input/docker/stdout/input_docker_stdout.go
 *
 * @module
 */
import * as z from "zod";
import type { StringMap } from "../core/container.ts";
import { ignoredYet, notSupportedYet, warnedWhen, withoutEffect } from "../core/option_notes.ts";
import { filterMap, regexText } from "../core/filter_options.ts";
import { bool, integer, type OptionType, tryBoolean } from "../core/options.ts";

const LINE_BYTES_MIN = 1024;
const LINE_BYTES_MAX = 20 * 1024 * 1024;

/** What a pipeline wants of the standard output of containers. Regular expressions have been checked. */
export interface ServiceDockerStdoutOptions {
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** In the six maps, a value that begins with `^` is a regular expression, `""` asks for the key alone. */
  readonly includeContainerLabel: StringMap;
  readonly excludeContainerLabel: StringMap;
  readonly includeEnv: StringMap;
  readonly excludeEnv: StringMap;
  readonly includeK8sLabel: StringMap;
  readonly excludeK8sLabel: StringMap;
  /** Regular expressions, unanchored; `""` asks for nothing. */
  readonly k8sNamespaceRegex: string;
  readonly k8sPodRegex: string;
  readonly k8sContainerRegex: string;
  /** How many bytes before its end a log seen for the first time is read from; undefined: from its first byte. */
  readonly startBytesBeforeEndMax: number | undefined;
  /** A longer record is cut. */
  readonly lineBytesMax: number;
}

/** The schema of `ServiceDockerStdoutOptions`. */
export const serviceDockerStdoutOptions: z.ZodType<ServiceDockerStdoutOptions> = z.object({
  IncludeContainerLabel: filterMap(),
  ExcludeContainerLabel: filterMap(),
  IncludeLabel: filterMap(),
  ExcludeLabel: filterMap(),
  IncludeEnv: filterMap(),
  ExcludeEnv: filterMap(),
  IncludeK8sLabel: filterMap(),
  ExcludeK8sLabel: filterMap(),
  K8sNamespaceRegex: regexText().default(""),
  K8sPodRegex: regexText().default(""),
  K8sContainerRegex: regexText().default(""),
  ExternalEnvTag: notSupportedYet(),
  ExternalK8sLabelTag: notSupportedYet(),
  Stdout: bool().default(true),
  Stderr: bool().default(true),
  BeginLineRegex: notSupportedYet(),
  BeginLineCheckLength: withoutEffect(integer({ min: 0 })),
  BeginLineTimeoutMs: withoutEffect(integer({ min: 0 })),
  MaxLogSize: maxLogSize(),
  StartLogMaxOffset: integer({ min: 0 }).optional(),
  FlushIntervalMs: withoutEffect(integer({ min: 0 })),
  ReadIntervalMs: withoutEffect(integer({ min: 0 })),
  SaveCheckPointSec: withoutEffect(integer({ min: 0 })),
  CloseUnChangedSec: withoutEffect(integer({ min: 0 })),
  LogtailInDocker: logtailInDocker(),
  CollectContainersFlag: ignoredYet(),
}).transform((given) => ({
  ...streams(given.Stdout, given.Stderr),
  includeContainerLabel: { ...given.IncludeLabel, ...given.IncludeContainerLabel },
  excludeContainerLabel: { ...given.ExcludeLabel, ...given.ExcludeContainerLabel },
  includeEnv: given.IncludeEnv,
  excludeEnv: given.ExcludeEnv,
  includeK8sLabel: given.IncludeK8sLabel,
  excludeK8sLabel: given.ExcludeK8sLabel,
  k8sNamespaceRegex: given.K8sNamespaceRegex,
  k8sPodRegex: given.K8sPodRegex,
  k8sContainerRegex: given.K8sContainerRegex,
  startBytesBeforeEndMax: given.StartLogMaxOffset,
  lineBytesMax: clampLineBytes(given.MaxLogSize),
}));

/** As in the original, both off collects stdout. */
function streams(stdout: boolean, stderr: boolean): { stdout: boolean; stderr: boolean } {
  return { stdout: stdout || !stderr, stderr };
}

function clampLineBytes(bytes: number): number {
  return Math.min(Math.max(bytes, LINE_BYTES_MIN), LINE_BYTES_MAX);
}

function maxLogSize(): OptionType<number> {
  return warnedWhen(integer().default(512 * 1024), (given) => {
    const bytes = Number(given);
    const used = clampLineBytes(bytes);
    return Number.isNaN(bytes) || used === bytes ? undefined : `${used} bytes are used: the nearest that is allowed`;
  });
}

function logtailInDocker(): OptionType<boolean> {
  return warnedWhen(bool().default(true), (given) => {
    const isOff = typeof given === "string" && tryBoolean(given) === false;
    return isOff ? "has no effect: the host's root is --host-root" : undefined;
  });
}
