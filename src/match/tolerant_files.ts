/**
 * A file system in which that which must not be looked at is not there. Other failures of a disk stay failures: who
 * follows a file must not take it for deleted.
 *
 * @module
 */
import type { Files } from "../core/env.ts";

/** What finding a place in a container needs of the file system. */
export type LookedAtFiles = Pick<Files, "tryLinkStat" | "tryReadLink" | "list">;

/** Said by the operating system, and by Deno of paths that none but a program with all permissions may open. */
const REFUSALS = ["PermissionDenied", "NotCapable"];

/** One for all containers, which are many. */
const known = new WeakMap<LookedAtFiles, LookedAtFiles>();

/** Makes `files` say of what it refuses that it is not there. */
export function tolerant(files: LookedAtFiles): LookedAtFiles {
  const made = known.get(files) ?? makeTolerant(files);
  known.set(files, made);
  return made;
}

function makeTolerant(files: LookedAtFiles): LookedAtFiles {
  return {
    tryLinkStat: (path) => unlessRefused(() => files.tryLinkStat(path)),
    tryReadLink: (path) => unlessRefused(() => files.tryReadLink(path)),
    list: (path) => unlessRefused(() => files.list(path)) ?? [],
  };
}

function unlessRefused<Result>(look: () => Result): Result | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && REFUSALS.includes(error.name)) return undefined;
    throw error;
  }
}
