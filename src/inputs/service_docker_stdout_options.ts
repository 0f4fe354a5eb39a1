/**
 * The options of `service_docker_stdout`: every one of the original, with its type and default. Differs on purpose: without
 * `StartLogMaxOffset` a container is read from its first byte (the original skips all but the last 128 KiB), and a broken
 * `BeginLineRegex` is an error (the original joins no lines then).
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/input/docker/stdout/input_docker_stdout.go
 *
 * @module
 */
import * as z from "zod";
import type { StringMap } from "../core/container.ts";
import {
  containerFilter,
  type ContainerFilterOptions,
  oldContainerFilterShape,
  regexText,
} from "../core/filter_options.ts";
import { type MultilineRules, tryBeginLineRules } from "../core/multiline_options.ts";
import { ignoredYet, warnedWhen, withoutEffect } from "../core/option_notes.ts";
import { bool, integer, type OptionType, tryBoolean } from "../core/options.ts";
import { externalTagMap } from "./container_options.ts";

const LINE_BYTES_MIN = 1024;
const LINE_BYTES_MAX = 20 * 1024 * 1024;

/** What a pipeline wants of the standard output of containers. */
export interface ServiceDockerStdoutOptions extends ContainerFilterOptions {
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Variables of the container → names of tags; one that it does not have gives an empty tag. */
  readonly externalEnvTag: StringMap;
  /** Labels of the pod → names of tags; one that it does not have gives an empty tag. */
  readonly externalK8sLabelTag: StringMap;
  /** Undefined: every line is a record. */
  readonly multiline: MultilineRules | undefined;
  /** A record of several lines to which nothing was added for so long is complete. */
  readonly multilineTimeoutMs: number;
  /** How many bytes before its end a log seen for the first time is read from; undefined: from its first byte. */
  readonly startBytesBeforeEndMax: number | undefined;
  /** A longer record is cut. */
  readonly lineBytesMax: number;
}

/** The schema of `ServiceDockerStdoutOptions`. */
export const serviceDockerStdoutOptions = (): z.ZodType<ServiceDockerStdoutOptions> =>
  z.object({
    ...oldContainerFilterShape(),
    ExternalEnvTag: externalTagMap(),
    ExternalK8sLabelTag: externalTagMap(),
    Stdout: bool().default(true),
    Stderr: bool().default(true),
    BeginLineRegex: regexText().default(""),
    BeginLineCheckLength: integer({ min: 0 }).default(10 * 1024),
    BeginLineTimeoutMs: integer({ min: 0 }).default(3000),
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
    ...containerFilter(given),
    externalEnvTag: given.ExternalEnvTag,
    externalK8sLabelTag: given.ExternalK8sLabelTag,
    multiline: tryBeginLineRules(given.BeginLineRegex, given.BeginLineCheckLength),
    multilineTimeoutMs: given.BeginLineTimeoutMs,
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
