/**
 * The time at the head of a container log line: RFC 3339 with up to nine decimals, as containerd and CRI-O write it
 * (https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/logs/logs.go, parseCRILog).
 */
import { State } from "./state";

// @ts-ignore: decorator
@inline
function digit(at: usize): i32 {
  return <i32>load<u8>(at) - 0x30;
}

/** Returns the two-digit number at `at`, or a negative one (any negative makes the sum of checks below fail). */
// @ts-ignore: decorator
@inline
function two(at: usize): i32 {
  const tens = digit(at);
  const ones = digit(at + 1);
  return <u32>tens > 9 || <u32>ones > 9 ? -1 : tens * 10 + ones;
}

/** Days from 1970-01-01 to the civil date (http://howardhinnant.github.io/date_algorithms.html#days_from_civil). */
function daysFromCivil(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** Returns the seconds of "YYYY-MM-DDTHH:MM:" at `at` as if it were UTC, or -1. */
function parseMinute(at: usize): i64 {
  const century = two(at);
  const yearOfCentury = two(at + 2);
  const month = two(at + 5);
  const day = two(at + 8);
  const hour = two(at + 11);
  const minute = two(at + 14);
  if ((century | yearOfCentury | month | day | hour | minute) < 0) return -1;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return -1;
  if (load<u8>(at + 4) != 0x2d || load<u8>(at + 7) != 0x2d || load<u8>(at + 10) != 0x54) return -1;
  if (load<u8>(at + 13) != 0x3a || load<u8>(at + 16) != 0x3a) return -1;
  const days = daysFromCivil(century * 100 + yearOfCentury, month, day);
  return <i64>days * 86400 + <i64>(hour * 3600 + minute * 60);
}

/** The minute's seconds, from the cache when the text is that of the line before. */
// @ts-ignore: decorator
@inline
function minuteSeconds(state: State, at: usize): i64 {
  const low = load<u64>(at);
  const high = load<u64>(at + 8);
  if (state.minuteValid != 0 && state.minuteTextLow == low && state.minuteTextHigh == high) {
    return load<u8>(at + 16) == 0x3a ? state.minuteSeconds : -1;
  }
  const seconds = parseMinute(at);
  if (seconds >= 0) {
    state.minuteTextLow = low;
    state.minuteTextHigh = high;
    state.minuteSeconds = seconds;
    state.minuteValid = 1;
  }
  return seconds;
}

/**
 * Parses the time that [start, end) begins with; what follows it is the caller's to check.
 *
 * @returns (length of the text << 32) | seconds since the epoch as u32, or -1 where [start, end) does not begin with a valid time.
 */
export function parseTime(state: State, start: usize, end: usize): i64 {
  if (end - start < 20) return -1;
  const minute = minuteSeconds(state, start);
  const second = two(start + 17);
  if (minute < 0 || second < 0 || second > 60) return -1;
  let at = start + 19;
  if (load<u8>(at) == 0x2e) {
    const fraction = ++at;
    while (at < end && <u32>digit(at) <= 9) at++;
    if (at == fraction || at - fraction > 9) return -1;
  }
  if (at >= end) return -1;
  const zone = load<u8>(at);
  let seconds = minute + <i64>second;
  if (zone == 0x5a) {
    at++;
  } else if ((zone == 0x2b || zone == 0x2d) && at + 6 <= end && load<u8>(at + 3) == 0x3a) {
    const hours = two(at + 1);
    const minutes = two(at + 4);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return -1;
    const shift = <i64>(hours * 3600 + minutes * 60);
    seconds += zone == 0x2b ? -shift : shift;
    at += 6;
  } else return -1;
  if (seconds < 0 || seconds > <i64>u32.MAX_VALUE) return -1;
  return (<i64>(at - start) << 32) | seconds;
}
