/**
 * Which files are wanted: patterns to search for and what is left out of their findings, compiled once. Paths are those
 * that the searched file system shows; for a container these are the paths inside it.
 *
 * @module
 */
import { type FilePattern, FilePatternError, type FilePatternRules, parseFilePattern } from "./file_pattern.ts";
import { compileGlob, compilePathGlob, type Glob } from "./glob.ts";

/** What a user says of the files that are wanted. */
export interface FindOptions extends FilePatternRules {
  readonly filePaths: readonly string[];
  /** Levels below a `**`; 0: only the directory itself; negative: as deep as there is. */
  readonly maxDirSearchDepth: number;
  /** Absolute patterns for paths; in one with `**` every `*` matches slashes, too. */
  readonly excludeFilePaths: readonly string[];
  /** Patterns for names. */
  readonly excludeFiles: readonly string[];
  /** Absolute directories, left out with all that is below; or patterns for such, as in `excludeFilePaths`. */
  readonly excludeDirs: readonly string[];
}

/** Options, compiled. */
export interface FindRule {
  readonly patterns: readonly FilePattern[];
  readonly maxDirSearchDepth: number;
  isFileExcluded(path: string, name: string): boolean;
  isDirectoryExcluded(path: string): boolean;
}

/**
 * Compiles options, with the original's meaning of excludes
 * (https://github.com/alibaba/loongcollector/blob/main/core/file_server/FileDiscoveryOptions.cpp).
 *
 * @throws {FilePatternError} for the first of `filePaths` that cannot be used.
 */
export function makeFindRule(options: FindOptions): FindRule {
  const paths = options.excludeFilePaths.map(compileExclude);
  const names = options.excludeFiles.map(compileGlob);
  const directories = options.excludeDirs.map(compileExcludedDirectory);
  return {
    patterns: options.filePaths.map((text) => parseFilePattern(text, options)),
    maxDirSearchDepth: options.maxDirSearchDepth,
    isFileExcluded: (path, name) => names.some((glob) => glob(name)) || paths.some((glob) => glob(path)),
    isDirectoryExcluded: (path) => directories.some((glob) => glob(path)),
  };
}

/** Says what is wrong with the patterns and excludes of a user; empty when all can be used. */
export function findProblems(options: FindOptions): string[] {
  const wrong = options.filePaths.flatMap((text) => tryFault(() => parseFilePattern(text, options)));
  for (const path of [...options.excludeFilePaths, ...options.excludeDirs]) {
    if (!path.startsWith("/")) wrong.push(`${JSON.stringify(path)} excludes nothing: it must begin with /`);
  }
  for (const name of options.excludeFiles) {
    if (name.includes("/")) wrong.push(`${JSON.stringify(name)} excludes nothing: it must be a name, without /`);
  }
  return wrong;
}

function tryFault(parse: () => FilePattern): string[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (error instanceof FilePatternError) return [error.message];
    throw error;
  }
}

function compileExclude(pattern: string): Glob {
  return pattern.includes("**") ? compileGlob(pattern) : compilePathGlob(pattern);
}

function compileExcludedDirectory(pattern: string): Glob {
  const directory = pattern.replace(/\/+$/, "");
  if (/[*?]/.test(directory)) return compileExclude(directory);
  return (path) => path === directory || path.startsWith(`${directory}/`);
}
