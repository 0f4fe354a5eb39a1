/**
 * The parts of a written time, and the moment that they name.
 *
 * @module
 */

/** Parts of a written time; what it does not tell is missing. */
export interface CivilTime {
  year?: number;
  /** 1 to 12. */
  month?: number;
  day?: number;
  /** 1 to 366. */
  dayOfYear?: number;
  hour?: number;
  hour12?: number;
  isAfternoon?: boolean;
  minute?: number;
  second?: number;
  nanoseconds?: number;
  /** How far it is ahead of UTC. */
  offsetSeconds?: number;
  /** Counts alone, where it is given. */
  epochSeconds?: number;
}

/** What stands for the parts that are missing. */
export interface CivilDefaults {
  readonly year: number;
  readonly offsetSeconds: number;
}

/** English names, as formats have them whatever the locale. */
export const MONTHS: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
/** From Sunday on. */
export const WEEKDAYS: readonly string[] = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
];

/** @returns seconds since the epoch. A day that the month does not have counts on into the next, as in C. */
export function epochSecondsOf(time: CivilTime, defaults: CivilDefaults): number {
  if (time.epochSeconds !== undefined) return time.epochSeconds;
  const { month = 1, day = 1, dayOfYear, minute = 0, second = 0 } = time;
  const date = new Date(0);
  // Not Date.UTC, for which year 99 is 1999.
  date.setUTCFullYear(time.year ?? defaults.year, dayOfYear === undefined ? month - 1 : 0, dayOfYear ?? day);
  date.setUTCHours(hourOf(time), minute, second);
  return date.getTime() / 1000 - (time.offsetSeconds ?? defaults.offsetSeconds);
}

function hourOf({ hour, hour12, isAfternoon }: CivilTime): number {
  if (hour12 === undefined) return hour ?? 0;
  return hour12 % 12 + (isAfternoon ? 12 : 0);
}

/** Reads `Z`, `UTC`, `GMT`, `+08`, `+0800`, `+08:00` or `+08:00:00`. @returns seconds ahead of UTC. */
export function tryOffset(text: string): number | undefined {
  if (/^(Z|UTC|GMT)$/.test(text)) return 0;
  const [, sign, hours, minutes = "0", seconds = "0"] = /^([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

/** How far the machine's time zone is ahead of UTC at a moment, in seconds. */
export function localOffsetSeconds(ms: number): number {
  return -60 * new Date(ms).getTimezoneOffset();
}
