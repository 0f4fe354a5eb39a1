/**
 * A container image without a registry: Debian's static busybox as one layer, packed as a docker-archive under the names that
 * tests want (https://github.com/moby/moby/blob/v20.10.27/image/spec/v1.2.md#combined-image-json--filesystem-changeset-format).
 *
 * @module
 */
import { TarArchive } from "./tar_archive.ts";

const DIRECTORIES = ["bin", "tmp", "root", "etc", "proc", "sys", "dev", "run", "var", "var/log"];
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/**
 * Builds the image.
 *
 * @param busyboxPath a statically linked busybox
 * @param tags full names, such as `docker.io/library/nginx:latest`
 * @param command what a container runs when its own configuration names nothing
 * @returns an archive for `ctr images import`
 */
export async function buildBusyboxImage(
  busyboxPath: string,
  tags: readonly string[],
  command: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const layer = await buildLayer(busyboxPath);
  const config = encode({
    architecture: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
    os: "linux",
    // The tag keeps two images of the same content apart.
    config: { Cmd: command, Env: ["PATH=/bin"], Labels: { tag: tags[0] } },
    rootfs: { type: "layers", diff_ids: [`sha256:${await sha256(layer)}`] },
  });
  const configName = `${await sha256(config)}.json`;
  const archive = new TarArchive();
  archive.file(configName, config);
  archive.file("layer.tar", layer);
  archive.file("manifest.json", encode([{ Config: configName, RepoTags: tags, Layers: ["layer.tar"] }]));
  return archive.finish();
}

async function buildLayer(busyboxPath: string): Promise<Uint8Array<ArrayBuffer>> {
  const layer = new TarArchive();
  DIRECTORIES.forEach((path) => layer.directory(path));
  layer.file("bin/busybox", await Deno.readFile(busyboxPath));
  const { stdout } = await new Deno.Command(busyboxPath, { args: ["--list"] }).output();
  const applets = new TextDecoder().decode(stdout).split("\n");
  applets.filter((name) => name !== "" && name !== "busybox").forEach((name) => layer.link(`bin/${name}`, "busybox"));
  return layer.finish();
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
