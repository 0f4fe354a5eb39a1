/**
 * What is wrong or doubtful in configuration files, each with its place. All problems of all files are collected before anything
 * is reported.
 *
 * @module
 */
import type { Place } from "./tree.ts";

/** One thing wrong (`error`: the pipeline cannot run) or doubtful (`warning`: it runs). Lines and columns start at 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the tree: `inputs[0].Stdout`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
  /** A name that was perhaps meant. */
  readonly suggestion?: string;
  readonly severity: "error" | "warning";
}

/** One line: `nginx.yaml:7:5 warning: inputs[0].IncludeK8sLable: unknown option, ignored; did you mean IncludeK8sLabel?`. */
export function formatProblem(problem: Problem): string {
  const place = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === "" ? "" : `${problem.path}: `;
  const suggestion = problem.suggestion === undefined ? "" : `; did you mean ${problem.suggestion}?`;
  return `${place} ${problem.severity}: ${path}${problem.message}${suggestion}`;
}

/** @returns the problems by file, line and column. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Collects the problems of one file. */
export class ProblemList {
  readonly #file: string;
  readonly #problems: Problem[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** Adds something that keeps the pipeline from running. */
  error(place: Place, path: string, message: string, suggestion?: string): void {
    this.#add("error", place, path, message, suggestion);
  }

  /** Adds something doubtful. */
  warn(place: Place, path: string, message: string, suggestion?: string): void {
    this.#add("warning", place, path, message, suggestion);
  }

  /** Whether one of the problems keeps the pipeline from running. */
  get hasErrors(): boolean {
    return this.#problems.some((problem) => problem.severity === "error");
  }

  /** All problems so far, as they were found. */
  get all(): readonly Problem[] {
    return this.#problems;
  }

  #add(severity: Problem["severity"], place: Place, path: string, message: string, suggestion?: string): void {
    this.#problems.push({ file: this.#file, ...place, path, message, suggestion, severity });
  }
}
