/**
 * The container runtimes of today, which distributions do not have yet, built from their Go modules: containerd with its tools, runc
 * and the Docker Engine. They are kept in `dist/`, because building takes minutes.
 *
 * @module
 */
import { dirname, fromFileUrl } from "@std/path";
import { hasProgram } from "./requirement.ts";

const CONTAINERD = "github.com/containerd/containerd/v2/cmd";
const CONTAINERD_VERSION = "v2.4.2";
const ENGINE_VERSION = "v2.0.0-beta.24";
const RUNC_VERSION = "v1.4.0";

/** What is built, in order: packages of one module and version, and the environment that they need. */
const BUILDS: readonly (readonly [packages: readonly string[], environment: Readonly<Record<string, string>>])[] = [
  [
    ["containerd", "ctr", "containerd-shim-runc-v2"].map((name) => `${CONTAINERD}/${name}@${CONTAINERD_VERSION}`),
    { CGO_ENABLED: "0" },
  ],
  // The part that enters namespaces is in C.
  [[`github.com/opencontainers/runc@${RUNC_VERSION}`], { CGO_ENABLED: "1" }],
  [[`github.com/moby/moby/v2/cmd/dockerd@${ENGINE_VERSION}`], { CGO_ENABLED: "0" }],
];

/** What {@link canBuildNewestRuntimes} needs, for the message of a skipped test. */
export const NEWEST_RUNTIMES_REQUIREMENT = "root, Go and a C compiler";

/** Tells whether this machine can build and run them. */
export function canBuildNewestRuntimes(): boolean {
  return Deno.build.os === "linux" && Deno.uid() === 0 && hasProgram("go") && hasProgram("gcc");
}

/**
 * Builds what is not there yet.
 *
 * @returns the directory of the programs.
 * @throws {Error} with the compiler's messages.
 */
export async function buildNewestRuntimes(): Promise<string> {
  const projectDirectory = dirname(dirname(dirname(fromFileUrl(import.meta.url))));
  const directory = `${projectDirectory}/dist/runtimes/${CONTAINERD_VERSION}_${ENGINE_VERSION}_${RUNC_VERSION}`;
  for (const [packages, environment] of BUILDS) {
    if (packages.every((name) => hasFile(`${directory}/${programOf(name)}`))) continue;
    const env = { ...environment, GOBIN: directory, GOFLAGS: "-buildvcs=false" };
    const { success, stderr } = await new Deno.Command("go", { args: ["install", ...packages], env, cwd: "/" })
      .output();
    if (!success) throw new Error(`go install ${packages.join(" ")}:\n${new TextDecoder().decode(stderr)}`);
  }
  return directory;
}

function programOf(packageName: string): string {
  return packageName.replace(/@.*/, "").replace(/.*\//, "");
}

function hasFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
