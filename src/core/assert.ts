/**
 * Assertions for invariants that only a bug can break. They stay on in production: the ledger makes a crash safe, a wrong
 * offset is not. Never used for data, configuration or the world, which are allowed to be wrong.
 *
 * @module
 */

/** Thrown when an invariant of the program does not hold. Nothing catches it: the process ends. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/**
 * Ends the program when `condition` is false.
 *
 * @throws {InvariantError} with `message` when `condition` is false.
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(`BUG: ${message}`);
}
