/**
 * Peers that are made here, once, and kept in the user's cache: Go programs from their modules, and Debian packages that cannot be
 * installed beside each other.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { hasProgram } from "../tests/support/requirement.ts";

const benchDirectory = dirname(fromFileUrl(import.meta.url));

/** Why Go programs cannot be built here, or undefined. */
export function lackOfGo(): string | undefined {
  return hasProgram("go") ? undefined : "Go is not on the PATH, to build it with";
}

/** Builds the Go program in `bench/NAME`, unless that was done before. @returns its path. @throws {Error} with Go's words. */
export async function goProgram(name: string): Promise<string> {
  const sources = join(benchDirectory, name);
  const program = join(cacheDirectory(), `${name}-${await digestOf(sources)}`);
  if (!await exists(program)) {
    console.error(`bench: building ${name}, which takes minutes the first time`);
    const args = ["build", "-mod=mod", "-trimpath", "-ldflags", "-s -w", "-o", `${program}.new`, "."];
    await run("go", args, sources);
    await Deno.rename(`${program}.new`, program);
  }
  return program;
}

/** Unpacks Debian packages, unless that was done before. @returns the directory in which their files are as below `/`. */
export async function debianFiles(name: string, packages: readonly string[]): Promise<string> {
  const root = join(cacheDirectory(), name);
  if (!await exists(root)) {
    const unpacked = await Deno.makeTempDir({ dir: cacheDirectory(), prefix: name });
    await run("apt-get", ["download", ...packages], unpacked);
    for (const { name: file } of [...Deno.readDirSync(unpacked)]) await run("dpkg", ["-x", file, "."], unpacked);
    await Deno.rename(unpacked, root);
  }
  return root;
}

function cacheDirectory(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/root", ".cache");
  const directory = join(cache, "sluice", "bench");
  Deno.mkdirSync(directory, { recursive: true });
  return directory;
}

async function digestOf(directory: string): Promise<string> {
  const texts = ["go.mod", "main.go"].map((file) => Deno.readTextFileSync(join(directory, file)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(texts.join("")));
  return new Uint8Array(digest).toHex().slice(0, 12);
}

async function run(program: string, args: string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, cwd, stdout: "null", stderr: "piped" }).output();
  if (!success) throw new Error(`${program} ${args[0]}: ${new TextDecoder().decode(stderr).slice(-2_000)}`);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
