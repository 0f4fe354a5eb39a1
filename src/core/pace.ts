/**
 * Wake-ups that coincide: what is done every second or so is done at whole seconds, by everybody, because waking up costs more than
 * most of what is done then.
 *
 * @module
 */

const SECOND_MS = 1000;

/** @returns the milliseconds until the next whole second that is at least `msMin` away. */
export function msToWholeSecond(now: number, msMin: number): number {
  const due = Math.ceil((now + msMin) / SECOND_MS) * SECOND_MS;
  return due - now;
}
