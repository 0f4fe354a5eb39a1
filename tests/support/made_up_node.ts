/**
 * A node that is a temporary directory: containers that do not exist, the logs that a runtime would write for them, and the file
 * that tells an agent of them. Tests write what they like to these logs.
 *
 * @module
 */
import { dirname, join } from "@std/path";

const HEAD = "2022-07-13T23:45:54.976593653+08:00 stdout";

/** A node without a runtime. */
export class MadeUpNode implements Disposable {
  readonly hostRoot = Deno.makeTempDirSync({ prefix: "sluice-node-" });
  /** For `--static-containers`. */
  readonly staticContainers = join(this.hostRoot, "containers.json");
  readonly #containers: MadeUpContainer[] = [];

  constructor() {
    this.#describe();
  }

  /**
   * Adds a container of the pod `name-1` with the label `app: name`; its log is empty.
   *
   * @param link where the runtime says that the log is: a symbolic link to it, which is made; by default the log itself.
   */
  addContainer(name: string, link?: string): MadeUpContainer {
    const container = new MadeUpContainer(this.hostRoot, name, link);
    this.#containers.push(container);
    this.#describe();
    return container;
  }

  /** Takes a container from the list; its files stay. */
  removeContainer(container: MadeUpContainer): void {
    this.#containers.splice(this.#containers.indexOf(container), 1);
    this.#describe();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.hostRoot, { recursive: true });
  }

  #describe(): void {
    Deno.writeTextFileSync(this.staticContainers, JSON.stringify(this.#containers.map((one) => one.description)));
  }
}

/** A container's log. */
export class MadeUpContainer {
  /** Where the log is, with the host root. */
  readonly path: string;
  readonly #name: string;
  /** As the runtime says it. */
  readonly #logPath: string;
  readonly #created = new Date().toISOString();
  #rotations = 0;

  /** Only {@link MadeUpNode.addContainer} makes containers. */
  constructor(hostRoot: string, name: string, link?: string) {
    this.#name = name;
    const logPath = `/var/log/pods/default_${name}-1_uid-${name}/${name}/0.log`;
    this.#logPath = link ?? logPath;
    this.path = hostRoot + logPath;
    Deno.mkdirSync(dirname(this.path), { recursive: true });
    Deno.writeTextFileSync(this.path, "");
    if (link === undefined) return;
    Deno.mkdirSync(dirname(hostRoot + link), { recursive: true });
    Deno.symlinkSync(logPath, hostRoot + link);
  }

  /** Its entry in the static file. */
  get description(): object {
    const name = this.#name;
    return {
      ID: name.padEnd(64, "0"),
      Name: `k8s_${name}_${name}-1_default_uid-${name}_0`,
      Created: this.#created,
      Image: "docker.io/library/alpine:3.9.6",
      IP: "10.223.0.189",
      HostName: `${name}-1`,
      LogPath: this.#logPath,
      Labels: { app: name },
      State: { Status: "running" },
    };
  }

  /** Appends bytes as they are. */
  write(bytes: Uint8Array): void {
    Deno.writeFileSync(this.path, bytes, { append: true });
  }

  /** Appends whole lines of stdout. */
  writeLines(texts: readonly string[]): void {
    Deno.writeTextFileSync(this.path, containerLines(texts), { append: true });
  }

  /** Renames the log as the kubelet does, and begins a new one. @returns the old one's path. */
  rotate(): string {
    const rotated = `${this.path}.20261123-${String(120_000 + this.#rotations++)}`;
    Deno.renameSync(this.path, rotated);
    Deno.writeTextFileSync(this.path, "");
    return rotated;
  }
}

/** Whole container log lines of stdout. */
export function containerLines(texts: readonly string[]): string {
  return texts.map((text) => `${HEAD} F ${text}\n`).join("");
}

/** One container log line of stdout with any bytes as its content: `F` for a whole one, `P` for a piece. */
export function containerLine(tag: "F" | "P", content: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`${HEAD} ${tag} `);
  const line = new Uint8Array(head.length + content.length + 1);
  line.set(head);
  line.set(content, head.length);
  line[line.length - 1] = 0x0a;
  return line;
}

/** A pipeline that sends the containers with the label `app: name` to a topic. */
export function pipelineText(name: string, brokers: string, topic: string): string {
  return `inputs:
  - Type: service_docker_stdout
    IncludeK8sLabel:
      app: ${name}
flushers:
  - Type: flusher_kafka_v2
    Brokers: [${brokers}]
    Topic: ${topic}
`;
}

/** The value of a field of a message in the walk-through's form. @throws {SyntaxError} when the message is no JSON. */
export function fieldOf(message: Uint8Array | null, name: string): string {
  const { Contents }: { Contents: { Key: string; Value: string }[] } = JSON.parse(
    new TextDecoder("utf-8", { fatal: true }).decode(message!),
  );
  return Contents.find(({ Key }) => Key === name)?.Value ?? "";
}
