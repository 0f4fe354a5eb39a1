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

/** Where the parts of a usual time stand: "YYYY-MM-DDTHH:MM:SS.", digits, and a zone that is a letter or takes six bytes. */
const COLON_AT: usize = 16;
const SECOND_AT: usize = 17;
const FRACTION_AT: usize = 20;
const FRACTION_DIGITS_MAX: i32 = 9;
const ZONE_BYTES: usize = 6;
const ZONE_MASK: u64 = 0x0000ffffffffffff;
/** Said of a zone's text where there is one. */
const ZONE_KNOWN: u64 = 0x0001000000000000;

/** The zone that was parsed last, "+08:00", and the seconds that it is ahead: nearly all lines of a log have the same. */
@unmanaged
class LastZone {
  text: u64;
  seconds: i64;
}

export const lastZone = changetype<LastZone>(memory.data(16));

/**
 * Parses a time of the minute and the zone of the one before it, or in UTC. Reads up to 41 bytes, wherever the text ends.
 *
 * @returns as `parseTime`; -1 for any other text.
 */
// @ts-ignore: decorator
@inline
function parseUsual(state: State, start: usize): i64 {
  const isSameMinute = state.minuteTextLow == load<u64>(start) && state.minuteTextHigh == load<u64>(start, 8);
  if (!isSameMinute || state.minuteValid == 0 || load<u8>(start, COLON_AT) != 0x3a) return -1;
  // "SS.ddddddddd" and what comes behind: of these, what is no digit.
  const text = i8x16.sub(v128.load(start, SECOND_AT), i8x16.splat(0x30));
  const others = i8x16.bitmask(i8x16.gt_u(text, i8x16.splat(9)));
  if ((others & 7) != 4 || load<u8>(start, FRACTION_AT - 1) != 0x2e) return -1;
  const digits = ctz(others >>> 3);
  if (digits < 1 || digits > FRACTION_DIGITS_MAX) return -1;
  const second = <i64>((<i32>load<u8>(start, SECOND_AT) - 0x30) * 10 + <i32>load<u8>(start, SECOND_AT + 1) - 0x30);
  const zone = start + FRACTION_AT + <usize>digits;
  let size = FRACTION_AT + <usize>digits + 1;
  let seconds = state.minuteSeconds + second;
  if (load<u8>(zone) != 0x5a) {
    if ((load<u64>(zone) & ZONE_MASK | ZONE_KNOWN) != lastZone.text) return -1;
    size += ZONE_BYTES - 1;
    seconds -= lastZone.seconds;
  }
  if (second > 60 || seconds < 0 || seconds > <i64>u32.MAX_VALUE) return -1;
  return (<i64>size << 32) | seconds;
}

/**
 * Parses the time that [start, end) begins with; what follows it is the caller's to check.
 *
 * @returns (length of the text << 32) | seconds since the epoch as u32, or -1 where [start, end) does not begin with a valid time.
 */
// @ts-ignore: decorator
@inline
export function parseTime(state: State, start: usize, end: usize): i64 {
  const time = parseUsual(state, start);
  return time >= 0 && <usize>(time >>> 32) <= end - start ? time : parseAny(state, start, end);
}

function parseAny(state: State, start: usize, end: usize): i64 {
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
    const ahead = zone == 0x2b ? shift : -shift;
    seconds -= ahead;
    lastZone.text = load<u64>(at) & ZONE_MASK | ZONE_KNOWN;
    lastZone.seconds = ahead;
    at += ZONE_BYTES;
  } else return -1;
  if (seconds < 0 || seconds > <i64>u32.MAX_VALUE) return -1;
  return (<i64>(at - start) << 32) | seconds;
}
