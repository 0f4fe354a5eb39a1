/**
 * Wake-ups that coincide: what is done every second or so is done at whole seconds, by everybody, because waking up costs more than
 * most of what is done then.
 *
 * @module
 */

const SECOND_MS = 1000;

/** What nobody waits for is done at every second second, or at multiples of that. */
const BEAT_MS = 2 * SECOND_MS;
/** Timers come a little late, and what is done then takes a moment: a beat may be so much early. */
const SLACK_MS = 500;

/**
 * The pace of what is done again and again, at leisure: all that has an interval of seconds, by anybody, is done at the same moments.
 *
 * @returns the milliseconds until about `intervalMs` from now, two seconds or more; never less than half a second.
 */
export function msToBeat(now: number, intervalMs: number): number {
  return Math.floor((now + intervalMs + SLACK_MS) / BEAT_MS) * BEAT_MS - now;
}

/** @returns the milliseconds until the next whole second that is at least `msMin` away. */
export function msToWholeSecond(now: number, msMin: number): number {
  const due = Math.ceil((now + msMin) / SECOND_MS) * SECOND_MS;
  return due - now;
}
