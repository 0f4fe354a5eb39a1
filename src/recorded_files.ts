/**
 * What was read of the file system when the pipelines were loaded, so that another thread loads the same ones although their files may
 * have changed since.
 *
 * @module
 */
import type { Files } from "./core/env.ts";

/** How the configuration is read. */
const RECORDED = ["tryStat", "list", "tryReadText"] as const;

/** Answers by method and path; plain values that another thread can be sent. */
export type FileAnswers = Map<string, ReturnType<Files[(typeof RECORDED)[number]]>>;

/** @returns files that note in `answers` what they were asked. */
export function recordFiles(files: Files, answers: FileAnswers): Files {
  return answered(files, (method, path) => {
    const answer = files[method](path);
    answers.set(`${method} ${path}`, answer);
    return answer;
  });
}

/** @returns files that give the same answers again; what was not asked then is asked now. */
export function replayFiles(files: Files, answers: FileAnswers): Files {
  return answered(files, (method, path) => {
    const name = `${method} ${path}`;
    return answers.has(name) ? answers.get(name) : files[method](path);
  });
}

type Answer = (method: (typeof RECORDED)[number], path: string) => unknown;

function answered(files: Files, answer: Answer): Files {
  const methods = RECORDED.map((method) => [method, (path: string) => answer(method, path)]);
  return { ...files, ...Object.fromEntries(methods) };
}
