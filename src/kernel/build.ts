/**
 * Compiles the kernel from AssemblyScript into `kernel_wasm.ts`, a module that carries the WebAssembly as text, so that bundles and
 * compiled binaries hold it like any other module. Does nothing when the sources have not changed since. Run by `deno task kernel`.
 *
 * @module
 */
import asc from "assemblyscript/asc";

const KERNEL = new URL(".", import.meta.url);
const TARGET = new URL("kernel_wasm.ts", KERNEL);
const OPTIONS = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd,bulk-memory,relaxed-simd",
  "--importMemory",
];

/** Returns the kernel's sources by their file names. */
function readSources(): Map<string, string> {
  const directory = new URL("assembly/", KERNEL);
  const names = [...Deno.readDirSync(directory)].map((entry) => entry.name).filter((name) => name.endsWith(".ts"));
  return new Map(names.sort().map((name) => [name, Deno.readTextFileSync(new URL(name, directory))]));
}

async function digest(sources: Map<string, string>): Promise<string> {
  const text = JSON.stringify([[...sources], OPTIONS]);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @throws {Error} with the compiler's messages when a source does not compile. */
async function compile(sources: Map<string, string>): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(["index.ts", ...OPTIONS, "-o", "kernel.wasm"], {
    readFile: (name: string) => sources.get(name) ?? null,
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (typeof contents !== "string") binary = contents;
    },
    listFiles: () => [],
  });
  if (error || binary === undefined) throw new Error(`The kernel does not compile: ${stderr.toString()}`);
  return binary;
}

function tryReadText(url: URL): string | undefined {
  try {
    return Deno.readTextFileSync(url);
  } catch {
    return undefined;
  }
}

const sources = readSources();
const stamp = `// Made by build.ts from assembly/ ${await digest(sources)}\n`;
if (!tryReadText(TARGET)?.startsWith(stamp)) {
  const binary = await compile(sources);
  const text = btoa(String.fromCharCode(...binary));
  const head = "/** The kernel's WebAssembly in base64. Not kept in the repository. */\n";
  Deno.writeTextFileSync(TARGET, `${stamp}${head}export const KERNEL_WASM =\n  "${text}";\n`);
  console.error(`kernel: ${binary.length} bytes of WebAssembly`);
}
