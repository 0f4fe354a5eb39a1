/**
 * Command line and environment → `AgentOptions`. A flag wins over Sluice's own variable, that over the original's, that over the
 * default. One table holds them all, so that help, reading and the reference cannot differ.
 *
 * @module
 */
import type { AgentOptions, KeepFree, LogLevel } from "../core/agent_options.ts";

/** One setting: its flag, the variables that also give it (first wins), and what it is without any. */
export interface Setting {
  readonly flag: string;
  readonly variables: readonly string[];
  readonly fallback: string;
  readonly description: string;
}

/** The names of the settings, as the flags' camelCase. */
export type SettingName =
  | "config"
  | "hostRoot"
  | "checkpoint"
  | "containerdSocket"
  | "containerdState"
  | "dockerSocket"
  | "staticContainers"
  | "releaseAfter"
  | "keepFree"
  | "hostIp"
  | "cpuLimit"
  | "memoryLimit"
  | "threads"
  | "logLevel";

/** Settings as the command line gave them. */
export type Flags = Partial<Record<SettingName, string>> & { readonly stdout?: boolean };

/** More are a mistake on any machine that runs today. */
const THREADS_MAX = 64;
const HOST_ROOT_DEFAULT = "/logtail_host";

/** Every setting. */
export const SETTINGS: Readonly<Record<SettingName, Setting>> = {
  config: {
    flag: "--config <path>",
    variables: ["SLUICE_CONFIG"],
    fallback: "/usr/local/ilogtail/config/local",
    description: "directory of pipeline files, or one such file",
  },
  hostRoot: {
    flag: "--host-root <dir>",
    variables: ["SLUICE_HOST_ROOT", "LOONG_DEFAULT_CONTAINER_HOST_PATH", "default_container_host_path"],
    fallback: HOST_ROOT_DEFAULT,
    description: "where the node's file system is mounted; / when the default is not there",
  },
  checkpoint: {
    flag: "--checkpoint <dir>",
    variables: ["SLUICE_CHECKPOINT", "ALIYUN_LOGTAIL_CHECK_POINT_PATH"],
    fallback: "/usr/local/ilogtail/checkpoint",
    description: "directory that keeps how far logs have been delivered",
  },
  containerdSocket: {
    flag: "--containerd-socket <path>",
    variables: ["SLUICE_CONTAINERD_SOCKET", "CONTAINERD_SOCK_PATH"],
    fallback: "",
    description: "CRI socket of the container runtime; the usual places otherwise",
  },
  containerdState: {
    flag: "--containerd-state <dir>",
    variables: ["SLUICE_CONTAINERD_STATE", "CONTAINERD_STATE_DIR"],
    fallback: "",
    description: "where containerd keeps its state on the node; beside its socket and the usual places otherwise",
  },
  dockerSocket: {
    flag: "--docker-socket <path>",
    variables: ["SLUICE_DOCKER_SOCKET", "DOCKER_HOST"],
    fallback: "",
    description: "socket of the Docker Engine; the usual places otherwise",
  },
  staticContainers: {
    flag: "--static-containers <file>",
    variables: ["ALIYUN_LOG_STATIC_CONTAINER_INFO"],
    fallback: "",
    description: "JSON file that lists containers in place of a runtime",
  },
  releaseAfter: {
    flag: "--release-after <seconds>",
    variables: ["SLUICE_RELEASE_AFTER", "force_release_deleted_file_fd_timeout"],
    fallback: "120",
    description: "how long unread files inside stopped containers are held open at most; -1: until they are read",
  },
  keepFree: {
    flag: "--keep-free <size>",
    variables: ["SLUICE_KEEP_FREE"],
    fallback: "15%",
    description: "room that deleted, unread logs leave on the disk, as 15% or 10GB; below it, the oldest are let go of",
  },
  hostIp: {
    flag: "--host-ip <address>",
    variables: ["SLUICE_HOST_IP", "ALIYUN_LOGTAIL_WORKING_IP", "working_ip"],
    fallback: "",
    description: "the node's address; that of its network interfaces otherwise",
  },
  cpuLimit: {
    flag: "--cpu-limit <cores>",
    variables: ["SLUICE_CPU_LIMIT", "LOONG_CPU_USAGE_LIMIT", "cpu_usage_limit"],
    fallback: "0",
    description: "cores to use at most on average: reading slows down to stay below; 0: no limit",
  },
  memoryLimit: {
    flag: "--memory-limit <MB>",
    variables: ["SLUICE_MEMORY_LIMIT", "LOONG_MEM_USAGE_LIMIT", "mem_usage_limit"],
    fallback: "0",
    description: "memory to use at most: fewer batches are on their way and reading slows down; 0: no limit",
  },
  threads: {
    flag: "--threads <number>",
    variables: ["SLUICE_THREADS", "LOONG_PROCESS_THREAD_COUNT", "process_thread_count"],
    fallback: "1",
    description: "threads that share the logs among them, for more than one core can read",
  },
  logLevel: {
    flag: "--log-level <level>",
    variables: ["SLUICE_LOG_LEVEL", "LOGTAIL_LOG_LEVEL"],
    fallback: "info",
    description: "least important messages to write: debug, info, warn or error",
  },
};

/** Variables that the YAML library asks for; it fails without the permission to. */
const LIBRARY_VARIABLES = ["LOG_STREAM", "LOG_TOKENS"];

/** Every environment variable that the command line needs permission to read. */
export const ENVIRONMENT_VARIABLES: readonly string[] = [
  ...Object.values(SETTINGS).flatMap((setting) => setting.variables),
  ...LIBRARY_VARIABLES,
];

/** The original's level names beside ours. */
const LOG_LEVELS: Readonly<Record<string, LogLevel>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warn: "warn",
  warning: "warn",
  error: "error",
  fatal: "error",
};

/** What resolving asks of the world. */
export interface Surroundings {
  /** @returns the value of an environment variable. */
  tryVariable(name: string): string | undefined;
  isDirectory(path: string): boolean;
}

/** Thrown when the command line or the environment makes no sense; the message is for the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Resolves every setting.
 *
 * @throws {UsageError} when a value is not one that the setting takes.
 */
export function resolveOptions(flags: Flags, surroundings: Surroundings): AgentOptions {
  const value = (name: SettingName) => resolveText(name, flags, surroundings);
  return {
    configPath: value("config"),
    hostRoot: existingHostRoot(value("hostRoot"), surroundings),
    checkpointDirectory: value("checkpoint"),
    containerdSocket: value("containerdSocket") || undefined,
    dockerSocket: parseDockerSocket(value("dockerSocket")),
    containerdStateDirectory: value("containerdState") || undefined,
    staticContainersFile: value("staticContainers") || undefined,
    releaseAfterMs: parseReleaseAfterMs(value("releaseAfter")),
    keepFree: parseKeepFree(value("keepFree")),
    hostIp: value("hostIp"),
    cpuCoresMax: parseLimit("the CPU limit must be a number of cores such as 0.4", value("cpuLimit")),
    memoryBytesMax: bytesOf(parseLimit("the memory limit must be a number of MB such as 384", value("memoryLimit"))),
    threads: parseThreads(value("threads")),
    logLevel: parseLogLevel(value("logLevel")),
    printToStdout: flags.stdout ?? false,
  };
}

/** Where the pipelines are, for commands that need nothing else: a Docker of another machine does not disturb them. */
export function resolveConfigPath(flags: Flags, surroundings: Surroundings): string {
  return resolveText("config", flags, surroundings);
}

function resolveText(name: SettingName, flags: Flags, surroundings: Surroundings): string {
  return flags[name] || tryVariable(name, surroundings) || SETTINGS[name].fallback;
}

function tryVariable(name: SettingName, surroundings: Surroundings): string | undefined {
  return SETTINGS[name].variables.map((variable) => surroundings.tryVariable(variable)).find((value) => value);
}

/** Only the default may be missing: a directory that somebody named is meant. */
function existingHostRoot(path: string, surroundings: Surroundings): string {
  return path === HOST_ROOT_DEFAULT && !surroundings.isDirectory(path) ? "/" : path;
}

/** Containers of another machine have their files there: only a socket of this one makes sense. */
function parseDockerSocket(address: string): string | undefined {
  const path = address.trim().replace(/^unix:(\/\/)?/, "");
  if (path === "") return undefined;
  if (path.startsWith("/")) return path;
  throw new UsageError(
    `the Docker socket must be a path of this machine such as /var/run/docker.sock, not "${address}"`,
  );
}

function parseReleaseAfterMs(text: string): number | undefined {
  const seconds = /^(-1|\d+)$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(seconds)) {
    throw new UsageError(`the time to release files must be whole seconds or -1, not "${text}"`);
  }
  return seconds < 0 ? undefined : seconds * 1000;
}

const SIZE_UNITS: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

function parseKeepFree(text: string): KeepFree {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text);
  if (percent !== null && Number(percent[1]) <= 100) return { percent: Number(percent[1]) };
  const size = /^(\d+)([kmgt]?)b?$/i.exec(text);
  if (size !== null) return { bytes: Number(size[1]) * SIZE_UNITS[size[2].toLowerCase()] };
  throw new UsageError(
    `the room to keep free must be a share of the disk, such as 15%, or a size, such as 10GB, not "${text}"`,
  );
}

/** @returns undefined for none. */
function parseLimit(rule: string, text: string): number | undefined {
  const limit = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : NaN;
  if (Number.isNaN(limit)) throw new UsageError(`${rule}, or 0 for none, not "${text}"`);
  return limit === 0 ? undefined : limit;
}

function parseThreads(text: string): number {
  const threads = /^\d{1,3}$/.test(text.trim()) ? Number(text) : NaN;
  if (threads >= 1 && threads <= THREADS_MAX) return threads;
  throw new UsageError(`the number of threads must be a whole number from 1 to ${THREADS_MAX}, not "${text}"`);
}

function bytesOf(megabytes: number | undefined): number | undefined {
  return megabytes === undefined ? undefined : megabytes * 1024 * 1024;
}

function parseLogLevel(text: string): LogLevel {
  const level = Object.hasOwn(LOG_LEVELS, text.toLowerCase()) ? LOG_LEVELS[text.toLowerCase()] : undefined;
  if (level === undefined) throw new UsageError(`the log level must be debug, info, warn or error, not "${text}"`);
  return level;
}
