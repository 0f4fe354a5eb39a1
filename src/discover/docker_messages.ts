/**
 * The answers of the Docker Engine that discovery reads, with only the fields it uses
 * (https://docs.docker.com/reference/api/engine/version/v1.44/). What identifies a container must be there; of the rest, what an
 * engine leaves out or writes differently counts as not told.
 *
 * @module
 */
import * as z from "zod";

const TEXT = z.string().catch("");
const STRING_MAP = z.record(z.string(), z.string()).catch({});

const VERSION = z.object({ ApiVersion: z.string().min(1), MinAPIVersion: TEXT });

const LISTED_CONTAINER = z.object({
  Id: z.string().min(1),
  State: TEXT,
  Names: z.array(z.string()).catch([]),
  Labels: STRING_MAP,
  HostConfig: z.object({ NetworkMode: TEXT }).catch({ NetworkMode: "" }),
});
const CONTAINER_LIST = z.array(LISTED_CONTAINER);

const NETWORK = z.object({ IPAddress: TEXT, GlobalIPv6Address: TEXT });
const NETWORK_SETTINGS = z.object({
  IPAddress: TEXT,
  Networks: z.record(z.string(), NETWORK.catch({ IPAddress: "", GlobalIPv6Address: "" })).catch({}),
});
const CONFIG = z.object({ Hostname: TEXT, Image: TEXT, Env: z.array(z.string()).catch([]), Labels: STRING_MAP });
const HOST_CONFIG = z.object({ NetworkMode: TEXT, LogConfig: z.object({ Type: TEXT }).catch({ Type: "" }) });
const GRAPH_DATA = z.object({ MergedDir: TEXT, UpperDir: TEXT });
const SNAPSHOTTER_TYPE = "io.containerd.snapshotter.v1";
const NO_CONTAINERD = { Address: "", Namespaces: { Containers: "" } };
const NO_GRAPH = { Data: { MergedDir: "", UpperDir: "" } };

const INSPECTED_CONTAINER = z.object({
  Id: z.string().min(1),
  Name: z.string().min(1),
  Created: TEXT,
  State: z.object({ Status: z.string(), Pid: z.number().catch(0) }),
  /** The image's id. */
  Image: TEXT,
  LogPath: TEXT,
  HostsPath: TEXT,
  Config: CONFIG.catch(CONFIG.parse({})),
  HostConfig: HOST_CONFIG.catch(HOST_CONFIG.parse({})),
  NetworkSettings: NETWORK_SETTINGS.catch(NETWORK_SETTINGS.parse({})),
  Mounts: z.array(z.object({ Source: TEXT, Destination: TEXT })).catch([]),
  GraphDriver: z.object({ Data: GRAPH_DATA.catch(NO_GRAPH.Data) }).catch(NO_GRAPH),
});

const INFO = z.object({
  DockerRootDir: TEXT,
  Driver: TEXT,
  DriverStatus: z.array(z.array(z.string())).catch([]),
  Containerd: z.object({ Address: TEXT, Namespaces: z.object({ Containers: TEXT }) }).catch(NO_CONTAINERD),
});

const IMAGE = z.object({ RepoTags: z.array(z.string()).catch([]) });

/** Events of before and after API 1.22 name the container in different places. */
const EVENT = z.object({ id: TEXT, Actor: z.object({ ID: TEXT }).catch({ ID: "" }) });

/** The versions of the API that an engine speaks, from the oldest to the newest, as `1.41`. */
export type EngineVersion = z.infer<typeof VERSION>;
/** One container as the list names it. */
export type ListedDockerContainer = z.infer<typeof LISTED_CONTAINER>;
/** One container in detail. */
export type InspectedContainer = z.infer<typeof INSPECTED_CONTAINER>;
/** Where the engine keeps what, as far as it tells. */
export type EngineInfo = z.infer<typeof INFO>;

/** @throws {Error} when `json` is no such answer. */
export function parseEngineInfo(json: string): EngineInfo {
  return parse("information", INFO, json);
}

/** @throws {Error} when `json` is no such answer. */
export function parseVersion(json: string): EngineVersion {
  return parse("version", VERSION, json);
}

/** @throws {Error} when `json` is no such answer. */
export function parseContainerList(json: string): readonly ListedDockerContainer[] {
  return parse("list of containers", CONTAINER_LIST, json);
}

/** @throws {Error} when `json` is no such answer. */
export function parseContainer(json: string): InspectedContainer {
  return parse("description of a container", INSPECTED_CONTAINER, json);
}

/**
 * Of an engine whose images containerd keeps, as from version 29 on by default
 * (https://docs.docker.com/engine/storage/containerd/).
 *
 * @returns the snapshotter's name; undefined where the engine's own storage drivers keep the images.
 */
export function trySnapshotterOf({ Driver, DriverStatus }: EngineInfo): string | undefined {
  const usesSnapshots = DriverStatus.some(([key, value]) => key === "driver-type" && value === SNAPSHOTTER_TYPE);
  return usesSnapshots && Driver !== "" ? Driver : undefined;
}

/** @returns the image's names, which may be none. @throws {Error} when `json` is no such answer. */
export function parseImageTags(json: string): readonly string[] {
  return parse("description of an image", IMAGE, json).RepoTags;
}

/** @returns the id of the container that an event is about; undefined when the line does not tell. */
export function tryReadEventContainerId(line: string): string | undefined {
  try {
    const { id, Actor } = EVENT.parse(JSON.parse(line));
    return Actor.ID || id || undefined;
  } catch {
    return undefined;
  }
}

function parse<Schema extends z.ZodType>(what: string, schema: Schema, json: string): z.infer<Schema> {
  const { data, error } = schema.safeParse(tryParseJson(json, what));
  if (data !== undefined) return data;
  const [issue] = error?.issues ?? [];
  throw new Error(`its ${what} cannot be understood (${issue?.path.join(".") || "it"}: ${issue?.message})`);
}

function tryParseJson(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error(`its ${what} is not JSON`);
  }
}
