/**
 * Discovers containers from a JSON file that something else keeps up to date: the original's
 * `ALIYUN_LOG_STATIC_CONTAINER_INFO` (https://github.com/alibaba/loongcollector, `container_center_file_discover.go`), for nodes
 * where no runtime may be asked. Read every second; a broken file changes nothing.
 *
 * @module
 */
import * as z from "zod";
import type { Container, ContainerEvent, Discoverer } from "../core/container.ts";
import type { Env, FileStat } from "../core/env.ts";
import { msToBeat } from "../core/pace.ts";
import type { Log } from "../core/log.ts";
import { parseEnvList, podOf, tryParseKubernetesName, tryReadKubernetesLabels } from "./kubernetes_name.ts";

/** Where the file is and how often it is read. */
export interface StaticFileOptions {
  readonly path: string;
  readonly env: Env;
  readonly log: Log;
  /** 1,000 by default. */
  readonly readIntervalMs?: number;
}

const TEXT = z.string().nullish().transform((text) => text ?? "");
const STRING_MAP = z.record(z.string(), z.string());
const ENV = z.union([STRING_MAP, z.array(z.string()).transform(parseEnvList)]).nullish();
const MOUNT = z.object({ Source: z.string(), Destination: z.string() });
const STATE = z.object({ Status: TEXT, Pid: z.number().int().nullish() }).nullish();
/** Unknown keys (a mount's `Driver`) are allowed and not used. `LogType` says who wrote the log: `json-file` is Docker. */
const ITEM = z.object({
  ID: z.string().min(1),
  Name: z.string().min(1),
  Created: z.union([z.string(), z.number()]).nullish(),
  HostName: TEXT,
  IP: TEXT,
  Image: TEXT,
  LogPath: TEXT,
  LogType: TEXT,
  Labels: STRING_MAP.nullish(),
  UpperDir: TEXT,
  Env: ENV,
  Mounts: z.array(MOUNT).nullish(),
  State: STATE,
});
type Item = z.infer<typeof ITEM>;

const READ_INTERVAL_MS = 2000;
/** Two changes within one tick of the file system's clock have the same time. */
const QUIET_MS_MIN = 2000;

/** What a file says: its containers, and what is wrong with other entries. */
export interface StaticFileContent {
  readonly containers: readonly Container[];
  readonly problems: readonly string[];
}

/** Containers named by a file. */
export class StaticFileDiscoverer implements Discoverer {
  readonly name = "static file";
  readonly #options: Required<StaticFileOptions>;
  /** The file as it was when it was read, where it had not changed for a while then. */
  #quiet: FileStat | undefined;

  constructor(options: StaticFileOptions) {
    this.#options = { readIntervalMs: READ_INTERVAL_MS, ...options };
  }

  /** Gives a snapshot with every change of the file. */
  async *watch(signal: AbortSignal): AsyncGenerator<ContainerEvent> {
    let textSeen: string | undefined;
    while (!signal.aborted) {
      const text = this.#readUnlessUnchanged();
      if (text !== undefined && text !== textSeen) {
        const containers = this.#parse(text);
        // Half a file may be seen while it is written; it is looked at again only when it changes.
        textSeen = text;
        if (containers !== undefined) yield { kind: "snapshot", containers };
      }
      await this.#options.env.sleep(this.#pauseMs(), signal);
    }
  }

  #pauseMs(): number {
    const { env, readIntervalMs } = this.#options;
    return readIntervalMs < READ_INTERVAL_MS ? readIntervalMs : msToBeat(env.now(), readIntervalMs);
  }

  /** A long list is not read every time. One that has just changed is: the next change may have the same time. */
  #readUnlessUnchanged(): string | undefined {
    const { env, path } = this.#options;
    const stat = this.#tryStat(path);
    const isKnown = stat !== undefined && stat.inode === this.#quiet?.inode && stat.size === this.#quiet.size &&
      stat.modifiedMs === this.#quiet.modifiedMs;
    if (isKnown) return undefined;
    this.#quiet = stat !== undefined && stat.modifiedMs < env.now() - QUIET_MS_MIN ? stat : undefined;
    return this.#read();
  }

  /** What cannot be looked at is read, which says why. */
  #tryStat(path: string): FileStat | undefined {
    try {
      return this.#options.env.files.tryStat(path);
    } catch {
      return undefined;
    }
  }

  #read(): string | undefined {
    try {
      const text = this.#options.env.files.tryReadText(this.#options.path);
      if (text === undefined) this.#complain("is missing");
      return text;
    } catch (error) {
      this.#complain(`cannot be read (${messageOf(error)})`);
      return undefined;
    }
  }

  #parse(text: string): readonly Container[] | undefined {
    try {
      const { containers, problems } = parseStaticFile(text);
      if (problems.length > 0) {
        this.#complain(`has entries that cannot be used and are left out (${problems.join("; ")})`);
      }
      return containers;
    } catch (error) {
      this.#complain(`cannot be understood (${messageOf(error)})`);
      return undefined;
    }
  }

  #complain(what: string): void {
    this.#options.log.throttled(
      "discover.static",
      `The list of containers ${this.#options.path} ${what}. What was known before stays; correct the file.`,
    );
  }
}

/** Reads a file's text. @throws {Error} when it is not a JSON array. */
export function parseStaticFile(text: string): StaticFileContent {
  const entries = z.array(z.unknown(), { error: "not an array" }).safeParse(JSON.parse(text));
  if (!entries.success) throw new Error("it is not a JSON array");
  const results = entries.data.map((entry) => ITEM.safeParse(entry));
  const problems = results.flatMap(({ error }, index) => error ? [`entry ${index}: ${firstIssue(error)}`] : []);
  return { containers: results.flatMap(({ data }) => data ? [staticContainer(data)] : []), problems };
}

function staticContainer(item: Item): Container {
  const labels = item.Labels ?? {};
  const kubernetes = tryParseKubernetesName(item.Name) ?? tryReadKubernetesLabels(labels);
  const plainName = item.Name.replace(/^\//, "");
  const state = stateOf(item.State?.Status ?? "");
  return {
    id: item.ID,
    runtime: "static",
    name: kubernetes?.container || plainName,
    image: item.Image,
    state,
    createdMs: createdMs(item.Created ?? 0),
    labels,
    env: item.Env ?? {},
    // The file has one set of labels for both.
    pod: kubernetes && podOf(kubernetes, labels),
    ip: item.IP,
    hostName: item.HostName,
    pid: state === "running" ? item.State?.Pid ?? 0 : 0,
    logPath: item.LogPath,
    // Without a type the file is what the kubelet has the CRI write; the original looks at the first byte.
    logDriver: item.LogType === "json-file" ? "json-file" : "cri",
    mounts: (item.Mounts ?? []).map(({ Source, Destination }) => ({ source: Source, destination: Destination })),
    rootPaths: item.UpperDir === "" ? [] : [item.UpperDir],
  };
}

/** Without a state a listed container is taken to run: why else would it be listed. */
function stateOf(status: string): Container["state"] {
  const lower = status.toLowerCase();
  if (lower === "" || lower === "running") return "running";
  if (lower === "created" || lower === "exited") return lower;
  return lower === "dead" || lower === "stopped" || lower === "removing" ? "exited" : "unknown";
}

/** A date in text, or a number of seconds, milliseconds or nanoseconds since the epoch, told apart by its size. */
function createdMs(created: string | number): number {
  if (typeof created === "string") return Date.parse(created) || 0;
  if (created > 1e17) return Math.trunc(created / 1e6);
  return created > 1e11 ? created : created * 1000;
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue.path.join(".") || "it"}: ${issue.message}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
