/**
 * One entry of the option `FilePaths`, read: which directories are looked into, and which names there are log files.
 * Touches no file.
 *
 * @module
 */
import { isCompressedName } from "../core/rotated_name.ts";
import { compileGlob, type Glob, hasWildcard } from "./glob.ts";

/** A directory on the way: its name, or a pattern for names. */
export type DirectoryStep = string | Glob;

/** What `parseFilePattern` makes of an entry. */
export interface FilePattern {
  /** As the user wrote it. */
  readonly text: string;
  /** The directories from the root to where the files are, or to where the search by depth begins. */
  readonly directories: readonly DirectoryStep[];
  /** Whether a `**` stands before the name: directories below count, too. */
  readonly isDeep: boolean;
  /** The file's name, or a pattern for names. */
  readonly name: string | Glob;
}

/** An entry that cannot be used, with all that is wrong with it. */
export class FilePatternError extends Error {
  override readonly name = "FilePatternError";

  constructor(readonly text: string, readonly problems: readonly string[]) {
    super(`${JSON.stringify(text)} is not a usable path of files: ${problems.join("; ")}`);
  }
}

/** `rootAllowed`: whether files directly in `/`, or anywhere below it, may be asked for. */
export interface FilePatternRules {
  readonly rootAllowed: boolean;
}

/**
 * Reads an absolute path whose last part is a pattern for names, as `fnmatch` has them, and whose directories may hold
 * `*` and `?`; the last of them may be `**`.
 * (https://github.com/alibaba/loongcollector/blob/main/docs/cn/plugins/input/native/input-file.md)
 *
 * @throws {FilePatternError} naming all that is wrong.
 */
export function parseFilePattern(text: string, rules: FilePatternRules = { rootAllowed: false }): FilePattern {
  const parts = normalise(text);
  const name = parts.pop() ?? "";
  const isDeep = parts.at(-1) === "**";
  const directories = isDeep ? parts.slice(0, -1) : parts;
  const problems = problemsOf(text, directories, name);
  if (directories.length === 0 && !rules.rootAllowed && problems.length === 0) {
    problems.push("it asks for files in /, which needs AllowingCollectingFilesInRootDir: true");
  }
  if (problems.length > 0) throw new FilePatternError(text, problems);
  return { text, directories: directories.map(stepOf), isDeep, name: hasWildcard(name) ? compileGlob(name) : name };
}

function problemsOf(text: string, directories: readonly string[], name: string): string[] {
  const problems: string[] = [];
  if (!text.startsWith("/")) problems.push("it must begin with /");
  if (text.endsWith("/") || name === "") {
    problems.push("it must end with a file's name or a pattern for names, such as *.log");
  }
  if (text.includes("\0")) problems.push("it holds a NUL character");
  if (name === "**" || directories.some((part) => part.includes("**"))) {
    problems.push("** may only stand alone, as the last directory before the name: /var/log/**/*.log");
  }
  if (isCompressedName(name)) problems.push("compressed files are not read");
  return problems;
}

/** The parts of a path without empty ones, `.` and `..`. */
function normalise(text: string): string[] {
  const parts: string[] = [];
  for (const part of text.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}

/** As in the original, a directory with neither `*` nor `?` is meant as it is, brackets or not. */
function stepOf(part: string): DirectoryStep {
  return /[*?]/.test(part) ? compileGlob(part) : part;
}
