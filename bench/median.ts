/**
 * The value in the middle.
 *
 * @module
 */

/** The median; of an even number of values, the mean of the two in the middle. NaN without values. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
