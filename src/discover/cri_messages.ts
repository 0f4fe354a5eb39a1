/**
 * The messages of Kubernetes' Container Runtime Interface, v1, that discovery reads, with only the fields it uses: a message
 * on the wire may hold more, which is skipped. Names and numbers are those of
 * https://github.com/kubernetes/cri-api/blob/v0.30.0/pkg/apis/runtime/v1/api.proto. Encoding is left to protobufjs.
 *
 * @module
 */
import protobuf from "protobufjs/light.js";
import type { StringMap } from "../core/container.ts";

/** How a declaration names one field: its number, its type and whether it repeats or is a map from string. */
export type FieldDeclaration = readonly [number: number, type: string, shape?: "repeated" | "map"];

/** Messages by name, each with its fields by name. A field's type is a scalar or another message of the same declaration. */
export type MessageDeclarations = Readonly<Record<string, Readonly<Record<string, FieldDeclaration>>>>;

/** Turns one message into bytes. Fields that the declaration lacks are left out. */
export type Encode = (message: object) => Uint8Array;

/** Turns bytes into one message, absent fields as empty values, absent messages as null, 64-bit integers as numbers. */
export type Decode<Message> = (bytes: Uint8Array) => Message;

/** State of a container, as the runtime numbers it. */
export const CONTAINER_STATES = ["created", "running", "exited", "unknown"] as const;

/** `NamespaceMode.NODE`: the pod uses the node's network. */
export const NAMESPACE_MODE_NODE = 2;

/** One pod as `ListPodSandbox` names it. */
export interface PodSandbox {
  readonly id: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly namespace: string } | null;
  readonly state: number;
  readonly labels: StringMap;
}

/** One container as `ListContainers` names it. Times are nanoseconds since the epoch, here to the nearest representable. */
export interface ListedContainer {
  readonly id: string;
  readonly podSandboxId: string;
  readonly metadata: { readonly name: string; readonly attempt: number } | null;
  readonly image: { readonly image: string } | null;
  readonly imageRef: string;
  readonly state: number;
  readonly createdAt: number;
  readonly labels: StringMap;
}

/** What `ContainerStatus` tells. `info` holds JSON under the key `info` when the runtime is verbose. */
export interface ContainerStatusResponse {
  readonly status: {
    readonly state: number;
    readonly createdAt: number;
    readonly image: { readonly image: string } | null;
    readonly imageRef: string;
    readonly labels: StringMap;
    readonly mounts: readonly { readonly containerPath: string; readonly hostPath: string }[];
    readonly logPath: string;
  } | null;
  readonly info: StringMap;
}

/** What `PodSandboxStatus` tells of a pod's network. */
export interface PodSandboxStatusResponse {
  readonly status: {
    readonly network: { readonly ip: string } | null;
    readonly linux: { readonly namespaces: { readonly options: { readonly network: number } | null } | null } | null;
  } | null;
}

/** Which runtime answers. */
export interface VersionResponse {
  readonly runtimeName: string;
  readonly runtimeVersion: string;
}

/** One change of one container. Only used as the news that something changed. */
export interface ContainerEventResponse {
  readonly containerId: string;
}

const METADATA = { name: [1, "string"], uid: [2, "string"], namespace: [3, "string"], attempt: [4, "uint32"] } as const;

/** The declarations themselves; tests add those of the calls that make containers. */
export const CRI_MESSAGES: MessageDeclarations = {
  Empty: {},
  VersionResponse: { runtimeName: [2, "string"], runtimeVersion: [3, "string"] },
  ImageSpec: { image: [1, "string"] },
  ContainerMetadata: { name: [1, "string"], attempt: [2, "uint32"] },
  PodSandboxMetadata: METADATA,
  PodSandbox: {
    id: [1, "string"],
    metadata: [2, "PodSandboxMetadata"],
    state: [3, "int32"],
    labels: [5, "string", "map"],
  },
  ListPodSandboxResponse: { items: [1, "PodSandbox", "repeated"] },
  Container: {
    id: [1, "string"],
    podSandboxId: [2, "string"],
    metadata: [3, "ContainerMetadata"],
    image: [4, "ImageSpec"],
    imageRef: [5, "string"],
    state: [6, "int32"],
    createdAt: [7, "int64"],
    labels: [8, "string", "map"],
  },
  ListContainersResponse: { containers: [1, "Container", "repeated"] },
  ContainerStatusRequest: { containerId: [1, "string"], verbose: [2, "bool"] },
  Mount: { containerPath: [1, "string"], hostPath: [2, "string"] },
  ContainerStatus: {
    state: [3, "int32"],
    createdAt: [4, "int64"],
    image: [8, "ImageSpec"],
    imageRef: [9, "string"],
    labels: [12, "string", "map"],
    mounts: [14, "Mount", "repeated"],
    logPath: [15, "string"],
  },
  ContainerStatusResponse: { status: [1, "ContainerStatus"], info: [2, "string", "map"] },
  PodSandboxStatusRequest: { podSandboxId: [1, "string"] },
  PodSandboxNetworkStatus: { ip: [1, "string"] },
  NamespaceOption: { network: [1, "int32"] },
  Namespace: { options: [2, "NamespaceOption"] },
  LinuxPodSandboxStatus: { namespaces: [1, "Namespace"] },
  PodSandboxStatus: { network: [5, "PodSandboxNetworkStatus"], linux: [6, "LinuxPodSandboxStatus"] },
  PodSandboxStatusResponse: { status: [1, "PodSandboxStatus"] },
  ContainerEventResponse: { containerId: [1, "string"] },
};

/** Encoders and decoders of a set of declarations. */
export class MessageCodec {
  readonly #root: protobuf.Root;

  constructor(declarations: MessageDeclarations) {
    this.#root = protobuf.Root.fromJSON({ nested: descriptorsOf(declarations) });
  }

  /** @throws {Error} when no message has this name. */
  encoder(name: string): Encode {
    const type = this.#root.lookupType(name);
    return (message) => type.encode(type.fromObject(message)).finish();
  }

  /** @throws {Error} when no message has this name; the decoder throws for bytes that are no such message. */
  decoder<Message>(name: string): Decode<Message> {
    const type = this.#root.lookupType(name);
    return (bytes) => type.toObject(type.decode(bytes), { longs: Number, defaults: true }) as Message;
  }
}

function descriptorsOf(declarations: MessageDeclarations): Record<string, protobuf.IType> {
  return Object.fromEntries(
    Object.entries(declarations).map(([name, fields]) => [name, { fields: mapValues(fields, fieldDescriptor) }]),
  );
}

function fieldDescriptor([id, type, shape]: FieldDeclaration): protobuf.IField {
  if (shape === "map") return { id, type, keyType: "string" } as protobuf.IMapField;
  return shape === "repeated" ? { id, type, rule: "repeated" } : { id, type };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, convert: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value)]));
}
