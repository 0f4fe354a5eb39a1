/**
 * A container and what inputs are made with, for tests of inputs.
 *
 * @module
 */
import type { Container } from "../../src/core/container.ts";
import type { DecodeCounts } from "../../src/core/batch.ts";
import type { InputContext } from "../../src/inputs/input_context.ts";
import { ClockEnv } from "./clock_env.ts";
import { RecordingLog } from "./recording_log.ts";

/** A pod's container that was there before the agent. */
export const WEB: Container = {
  id: "c1",
  runtime: "containerd",
  name: "nginx",
  image: "nginx",
  state: "running",
  createdMs: 0,
  labels: {},
  env: {},
  pod: { name: "web-1", namespace: "default", uid: "u", labels: { app: "web" } },
  ip: "",
  hostName: "",
  pid: 1,
  logPath: "/var/log/pods/default_web-1_u/nginx/0.log",
  logDriver: "cri",
  mounts: [],
  rootPaths: [],
};

/** The world of an input of an agent that started now, on a node whose root is at `hostRoot`. */
export function testInputContext(
  hostRoot = "/host",
): InputContext & { readonly log: RecordingLog; readonly env: ClockEnv } {
  const env = new ClockEnv();
  return { hostRoot, env, log: new RecordingLog(), agentTags: [], userDefinedId: "default" };
}

/** Counts that begin at 0. */
export function noCounts(): DecodeCounts {
  return { malformed: 0, split: 0, filtered: 0, discarded: 0 };
}
