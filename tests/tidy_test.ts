/**
 * The house rules that a program can check: who may import whom, sizes, module heads, words that must not stay. Style is enforced
 * here, as ordinary tests, and not in review.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join, relative } from "@std/path";
import { plugins } from "../src/plugins.ts";

const FILE_LINES_MAX = 300;

/** Parsers and tables, which are better read in one piece. */
const LARGE_FILES: readonly string[] = [
  "tests/support/file_option_cases.ts",
  "tests/support/output_option_cases.ts",
];

/** Folders of `src` that every other may import. */
const COMMON_FOLDERS: readonly string[] = ["core", "kernel"];

/** Folders of `src` that bring the others together. */
const JOINING_FOLDERS: readonly string[] = ["cli", "inputs"];

/** Where the real world begins: elsewhere in `src`, clocks, files and sockets come through `core/env`. */
const DENO_ALLOWED: readonly RegExp[] = [
  /^src\/cli\//,
  /^src\/observe\/log\.ts$/,
  /^src\/core\/deno_env\.ts$/,
  /^src\/discover\//,
  /^src\/deliver\/kafka\/deno_socket\.ts$/,
  /^src\/kernel\/build\.ts$/,
];

/** AssemblyScript: another language, whose decorators an editor must be told to pass over. */
const ASSEMBLY_FOLDER = "src/kernel/assembly/";

const TEXT_FILE = /\.(ts|json|jsonl|md|yaml|yml|sh)$|(^|\/)(Dockerfile|run)$/;
const IGNORED = new Set([".git", "dist", "node_modules", "deno.lock", "kernel_wasm.ts"]);

const projectDirectory = dirname(dirname(fromFileUrl(import.meta.url)));

interface ProjectFile {
  /** Relative to the project's directory. */
  readonly path: string;
  readonly text: string;
}

const files = [...textFilesBelow(projectDirectory)];
const programFiles = files.filter(({ path }) => {
  return path.endsWith(".ts") && !/_(test|bench)\.ts$/.test(path) && !path.startsWith(ASSEMBLY_FOLDER);
});
const sourceFiles = programFiles.filter(({ path }) => path.startsWith("src/"));

function* textFilesBelow(directory: string): Generator<ProjectFile> {
  for (const { name, isDirectory } of Deno.readDirSync(directory)) {
    if (IGNORED.has(name)) continue;
    const path = join(directory, name);
    if (isDirectory) yield* textFilesBelow(path);
    else if (TEXT_FILE.test(path)) yield { path: relative(projectDirectory, path), text: Deno.readTextFileSync(path) };
  }
}

function readProjectFile(path: string): string {
  return Deno.readTextFileSync(join(projectDirectory, path));
}

/** The folder of `src` that a path is in; empty for a file directly in `src`, undefined outside of it. */
function tryFolderOf(path: string): string | undefined {
  const [top, folder, ...rest] = path.split("/");
  if (top !== "src") return undefined;
  return rest.length > 0 ? folder : "";
}

function importedPaths({ path, text }: ProjectFile): string[] {
  const specifiers = text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  return [...specifiers].map(([, specifier]) => join(dirname(path), specifier));
}

function mayImport(from: string, to: string | undefined): boolean {
  if (from === to || from === "" || JOINING_FOLDERS.includes(from)) return true;
  if (from === "core") return false;
  return to !== undefined && COMMON_FOLDERS.includes(to);
}

Deno.test("a stage imports only itself, core and kernel", () => {
  const wrong = sourceFiles.flatMap((file) => {
    const from = tryFolderOf(file.path) ?? "";
    return importedPaths(file).filter((path) => !mayImport(from, tryFolderOf(path))).map((path) =>
      `${file.path}: ${path}`
    );
  });
  assertEquals(wrong, []);
});

Deno.test(`files have at most ${FILE_LINES_MAX} lines, unless they are a parser or a table`, () => {
  const large = files.filter(({ path, text }) => {
    return path.endsWith(".ts") && !LARGE_FILES.includes(path) && text.split("\n").length - 1 > FILE_LINES_MAX;
  });
  assertEquals(large.map(({ path }) => path), []);
});

Deno.test("every file of the program says at its head what it is for", () => {
  const headless = programFiles.filter(({ text }) => !/^(#!.*\n)?\/\*\*(?:(?!\*\/)[\s\S])*@module/.test(text));
  assertEquals(headless.map(({ path }) => path), []);
});

Deno.test("the world is reached through core/env", () => {
  const reaching = sourceFiles.filter(({ path, text }) => {
    return /\bDeno\.[a-z]/.test(withoutComments(text)) && !DENO_ALLOWED.some((allowed) => allowed.test(path));
  });
  assertEquals(reaching.map(({ path }) => path), []);
});

Deno.test("files are named in snake_case", () => {
  const wrong = programFiles.filter(({ path }) => !/(^|\/)[a-z0-9_]+(\.d)?\.ts$/.test(path));
  assertEquals(wrong.map(({ path }) => path), []);
});

Deno.test("every plugin has a file of its name and a test beside it", () => {
  const expected = plugins.flatMap(({ name }) => [`/${name}.ts`, `/${name}_test.ts`]);
  assertEquals(
    expected.filter((ending) => !files.some(({ path }) => path.startsWith("src/") && path.endsWith(ending))),
    [],
  );
});

Deno.test("nothing is left undone, out of reach or tied to one machine", () => {
  // In pieces, so that this file does not find itself.
  const banned = [
    ["TO" + "DO", "unfinished"],
    ["FIX" + "ME", "unfinished"],
    ['"js' + "r:", "out of reach"],
    [projectDirectory + "/", "a path of this machine"],
  ];
  const found = files.flatMap(({ path, text }) => {
    return banned.filter(([word]) => text.includes(word)).map(([word, reason]) => `${path}: ${word} (${reason})`);
  });
  assertEquals(found, []);
});

Deno.test("nothing escapes the type checker", () => {
  const escaping = files.filter(({ path, text }) => {
    return path.endsWith(".ts") && !path.startsWith(ASSEMBLY_FOLDER) &&
      /@ts-(ignore|nocheck|expect-error)|\bas any\b/.test(text);
  });
  assertEquals(escaping.map(({ path }) => path).filter((path) => path !== "tests/tidy_test.ts"), []);
});

Deno.test("no program file exports a default", () => {
  assertEquals(programFiles.filter(({ text }) => /^export default /m.test(text)).map(({ path }) => path), []);
});

Deno.test("the agent may read any variable: users name those that become tags, and Deno fails for one that is not allowed", () => {
  const { permissions }: { permissions: { sluice: { env: unknown } } } = JSON.parse(readProjectFile("deno.json"));
  assertEquals(permissions.sluice.env, true);
});

Deno.test("every task says what it is for", () => {
  const { tasks }: { tasks: Record<string, { description?: string }> } = JSON.parse(readProjectFile("deno.json"));
  assertEquals(Object.keys(tasks).filter((name) => !tasks[name].description), []);
});

Deno.test("every task that a text names exists", () => {
  const { tasks }: { tasks: Record<string, unknown> } = JSON.parse(readProjectFile("deno.json"));
  const texts = files.filter(({ path }) => path.endsWith(".md") || [".ci/run", "Dockerfile"].includes(path));
  const named = texts.flatMap(({ path, text }) => {
    return [...text.matchAll(/\b(?:deno(?:@[\d.]+)?|DENO\w*"?\[?@?\]?\}?"?) task ([a-z][a-z:]*)/g)].map((
      [, name],
    ) => [path, name]);
  });
  assertEquals(named.filter(([, name]) => !(name in tasks)), []);
});

Deno.test("every file that ARCHITECTURE.md names exists", () => {
  const named = [...readProjectFile("ARCHITECTURE.md").matchAll(/`((?:src|tests|bench|k8s|\.ci)\/[\w./-]+\.\w+)`/g)];
  const missing = named.map(([, path]) => path).filter((path) => !exists(join(projectDirectory, path)));
  assertEquals(missing, []);
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");
}
