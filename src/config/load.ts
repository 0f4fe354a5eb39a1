/**
 * Files → trees. A directory gives every pipeline file in it, a file gives itself; the pipeline's name is the file's stem.
 * Names that begin with a dot are left out, which hides the `..data` machinery of a mounted ConfigMap, whose links are followed.
 * Environment references (`${VAR}`) stay as they are: `references.ts` expands them in what was parsed.
 *
 * @module
 */
import type { Files } from "../core/env.ts";
import { type PlaceShift, tryParseTree } from "./parse.ts";
import { type Problem, ProblemList } from "./problem.ts";
import { type Tree, WHOLE_FILE } from "./tree.ts";

/** The text of one pipeline. */
export interface ConfigText {
  readonly path: string;
  /** The file's stem: the pipeline's name. */
  readonly name: string;
  readonly text: string;
  /** Where the text stands in the file, when it is only a part of it. */
  readonly shift?: PlaceShift;
}

/** One pipeline as a tree. `document` is undefined when the text is broken: `problems` says why. */
export interface ConfigFile {
  readonly path: string;
  readonly name: string;
  readonly document?: Tree;
  readonly problems: ProblemList;
}

/** The texts that were found, and what was in the way. */
export interface ConfigTexts {
  readonly texts: readonly ConfigText[];
  readonly problems: readonly Problem[];
}

const EXTENSION = /\.(yaml|yml|json)$/;

/** @returns the stem of a pipeline file's name, or undefined when it is not one. */
export function tryStem(name: string): string | undefined {
  return EXTENSION.test(name) && !name.startsWith(".") ? name.replace(EXTENSION, "") : undefined;
}

/** Reads the pipeline file at `path`, or all pipeline files in the directory `path`, sorted by name. */
export function readConfigTexts(path: string, files: Files): ConfigTexts {
  const stat = files.tryStat(path);
  if (stat?.kind === "directory") return readDirectory(path, files);
  if (stat?.kind === "file") return readFile(path, baseName(path).replace(EXTENSION, ""), files);
  const list = new ProblemList(path);
  list.error(WHOLE_FILE, "", "there is no such file or directory");
  return { texts: [], problems: list.all };
}

/** Parses one text. */
export function parseConfigFile({ path, name, text, shift }: ConfigText): ConfigFile {
  const problems = new ProblemList(path);
  return { path, name, problems, document: tryParseTree(text, problems, shift) };
}

function readDirectory(directory: string, files: Files): ConfigTexts {
  const texts = new Map<string, ConfigText>();
  const problems: Problem[] = [];
  for (const name of files.list(directory).toSorted()) {
    const path = `${directory.replace(/\/+$/, "")}/${name}`;
    const stem = tryStem(name);
    if (stem === undefined || files.tryStat(path)?.kind !== "file") continue;
    const found = readFile(path, stem, files);
    const earlier = texts.get(stem);
    problems.push(...(earlier === undefined ? found.problems : duplicateStem(path, earlier.path)));
    if (earlier === undefined) found.texts.forEach((text) => texts.set(stem, text));
  }
  if (texts.size === 0 && problems.length === 0) problems.push(...emptyDirectory(directory));
  return { texts: [...texts.values()], problems };
}

function readFile(path: string, name: string, files: Files): ConfigTexts {
  const list = new ProblemList(path);
  try {
    const text = files.tryReadText(path);
    if (text !== undefined) return { texts: [{ path, name, text }], problems: [] };
    list.error(WHOLE_FILE, "", "there is no such file any more");
  } catch (error) {
    list.error(WHOLE_FILE, "", `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { texts: [], problems: list.all };
}

function duplicateStem(path: string, earlierPath: string): readonly Problem[] {
  const list = new ProblemList(path);
  list.warn(WHOLE_FILE, "", `ignored: ${baseName(earlierPath)} already gives the pipeline of this name`);
  return list.all;
}

function emptyDirectory(directory: string): readonly Problem[] {
  const list = new ProblemList(directory);
  list.warn(WHOLE_FILE, "", "there is no pipeline file (.yaml, .yml, .json) in this directory");
  return list.all;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
