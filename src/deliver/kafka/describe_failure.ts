/**
 * What to say of a failed connection or request. Apart from `cluster.ts`, so that who only tells of failures does not load the library.
 *
 * @module
 */

/** The innermost cause's message: the library wraps what happened in several errors of its own. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? describeFailure(error.cause) : error.message.replace(/^Connection error: /, "");
}
