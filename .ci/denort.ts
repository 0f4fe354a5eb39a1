/**
 * Obtains `denort`, the run time that `deno compile` puts the program into, where Deno's own download site is out of reach: the
 * Python package named below carries a program compiled with exactly this version, and its ELF part, without the program
 * that was appended to it, is `denort`. Whatever comes out is used only when its checksum is the pinned one.
 *
 * @module
 */
import { join } from "@std/path";
import { extractMember } from "./zip.ts";

/** The version of Deno that this project is built with. */
export const DENO_VERSION = "2.7.14";

const ARCHITECTURE = "x86_64";
const WHEEL_PACKAGE = "bids-validator-deno==3.0.0a0";
const WHEEL_PLATFORM = "manylinux_2_28_x86_64";
const WHEEL_MEMBER = "bids_validator_deno-3.0.0a0.data/scripts/bids-validator-deno";
const DENORT_SHA256 = "44fa11ae44592891a07ecc3967cdb091ae316a947d60929415d26dedbb8f55b7";

/**
 * Finds `denort` in the user's cache or makes it from the Python package.
 *
 * @returns its path.
 * @throws {Error} on another architecture, when `pip` fails, and when the checksum is not the pinned one.
 */
export async function obtainDenort(): Promise<string> {
  if (Deno.build.arch !== ARCHITECTURE) {
    throw new Error(`denort is pinned for ${ARCHITECTURE} only: name yours in DENORT_BIN (this is ${Deno.build.arch})`);
  }
  const directory = join(cacheDirectory(), "sluice");
  const path = join(directory, `denort-${DENO_VERSION}`);
  if (await holdsPinnedBytes(path)) return path;
  await Deno.mkdir(directory, { recursive: true });
  const bytes = elfPart(extractMember(await downloadWheel(), WHEEL_MEMBER));
  const aside = `${path}.${Deno.pid}`;
  await Deno.writeFile(aside, bytes, { mode: 0o755 });
  await Deno.rename(aside, path);
  if (await holdsPinnedBytes(path)) return path;
  await Deno.remove(path);
  throw new Error(`denort from ${WHEEL_PACKAGE} does not have the pinned checksum ${DENORT_SHA256}`);
}

function cacheDirectory(): string {
  return Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/tmp", ".cache");
}

async function holdsPinnedBytes(path: string): Promise<boolean> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex() === DENORT_SHA256;
}

async function downloadWheel(): Promise<Uint8Array> {
  const directory = await Deno.makeTempDir({ prefix: "sluice-denort-" });
  try {
    await pipDownload(directory);
    for await (const entry of Deno.readDir(directory)) {
      if (entry.name.endsWith(".whl")) return await Deno.readFile(join(directory, entry.name));
    }
    throw new Error(`pip left no wheel of ${WHEEL_PACKAGE}`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function pipDownload(directory: string): Promise<void> {
  const options = ["--no-deps", "--only-binary", ":all:", "--platform", WHEEL_PLATFORM, "--quiet", "--dest", directory];
  const attempts = [["pip", "download"], ["pip3", "download"], ["python3", "-m", "pip", "download"]];
  for (const [program, ...words] of attempts) {
    try {
      const { success } = await new Deno.Command(program, { args: [...words, ...options, WHEEL_PACKAGE] }).spawn()
        .status;
      if (success) return;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Error(`Cannot download ${WHEEL_PACKAGE} with pip: name a denort ${DENO_VERSION} in DENORT_BIN instead`);
}

/** The section headers end an ELF file; what follows them was appended. */
function elfPart(program: Uint8Array): Uint8Array {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const sectionHeaderOffset = Number(view.getBigUint64(0x28, true));
  const sectionHeaderBytes = view.getUint16(0x3a, true);
  const sectionHeaderCount = view.getUint16(0x3c, true);
  return program.subarray(0, sectionHeaderOffset + sectionHeaderCount * sectionHeaderBytes);
}
