/**
 * A node that is a temporary directory, and a container on it, to see what of the node is visible through the
 * container.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Container, Mount } from "../../src/core/container.ts";
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import type { Files, OpenFile } from "../../src/core/env.ts";
import { ContainerFiles } from "../../src/match/container_files.ts";

const { files } = makeDenoEnv("10.0.0.1");

/** What no container may read: it is at `/etc/shadow` of the node. */
export const SECRET = "the node's secret";

/** A node below a temporary directory, with one container whose root file system is at `/root`. */
export class NodeDirectory implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "sluice-container-" });

  constructor() {
    this.file("/etc/shadow", SECRET).file("/root/etc/shadow", "own");
  }

  file(path: string, text = path): this {
    Deno.mkdirSync(this.path + path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(this.path + path, text);
    return this;
  }

  link(path: string, target: string): this {
    Deno.mkdirSync(this.path + path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.symlinkSync(target, this.path + path);
    return this;
  }

  /** @param mounts destination → source. */
  container(
    mounts: Readonly<Record<string, string>> = {},
    rootPaths = ["/root"],
    needed: Files = files,
  ): ContainerFiles {
    const asList = Object.entries(mounts).map(([destination, source]) => ({ destination, source }));
    return new ContainerFiles(makeContainer(asList, rootPaths), this.path, needed);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** A container as a discoverer tells of it. */
export function makeContainer(mounts: readonly Mount[], rootPaths: readonly string[]): Container {
  return {
    id: "c1",
    runtime: "containerd",
    name: "app",
    image: "app:1",
    state: "running",
    createdMs: 0,
    labels: {},
    env: {},
    ip: "",
    hostName: "app",
    pid: 1,
    logPath: "",
    logDriver: "cri",
    mounts,
    rootPaths,
  };
}

/** The beginning of a file. */
export function textOf(file: OpenFile): string {
  const bytes = new Uint8Array(1000);
  return new TextDecoder().decode(bytes.subarray(0, file.readAt(0, bytes)));
}

/** The text of the file, which must be the one that `tryStat` tells of. */
function read(container: ContainerFiles, path: string): string | undefined {
  const file = container.tryOpen(path);
  if (file === undefined) return undefined;
  try {
    assertEquals(file.stat(), container.tryStat(path));
    return textOf(file);
  } finally {
    file.close();
  }
}

/** Reads every path as the container sees it; undefined: there is no file. */
export function assertReads(container: ContainerFiles, cases: Readonly<Record<string, string | undefined>>): void {
  const texts = Object.keys(cases).map((path) => [path, read(container, path)]);
  assertEquals(Object.fromEntries(texts), cases);
}
