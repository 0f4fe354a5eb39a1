/**
 * Bytes that are text of any script, or nearly.
 *
 * @module
 */
import type { Random } from "./random.ts";

/** The first and the last character of each size, those around the surrogates, and usual ones of all sizes. */
const CHARACTERS = [..."\u0080é\u07ff\u0800日志采集，\ud7ff\ue000\uffff\u{10000}😀\u{10ffff}"];
const OTHERS = [..."plain text", '"', "\\", "\t", "\u0001", "\u007f"];
const SECOND_BYTES = 256;
const CONTINUATION = 0x80;
const CONTINUATIONS_MAX = 4;

const encoder = new TextEncoder();
const BEFORE = encoder.encode("日志采集组件");
const BEHIND = encoder.encode("运行正常");

/** Text in which other scripts are more or less of it, with some bytes that do not belong there. */
export function randomScriptBytes(random: Random): Uint8Array {
  const share = random.pick([0.1, 0.9, 1]);
  const characters = random.pick([CHARACTERS, ["日", "，"], ["é", "日"], ["😀"]]);
  const others = random.pick([OTHERS, ["x", '"'], ["x"]]);
  const text = () => random.pick(random.next() < share ? characters : others);
  const bytes = encoder.encode(Array.from({ length: random.integer(0, 60) }, text).join(""));
  for (let wrong = random.pick([0, 0, 1, 3]); wrong > 0 && bytes.length > 0; wrong--) {
    bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
  }
  return bytes;
}

/** For every second byte, Chinese with `first` and it in between, and none to four continuations behind them. */
export function textsWithPair(first: number, random: Random): Uint8Array[] {
  const variants = CONTINUATIONS_MAX + 1;
  return Array.from({ length: SECOND_BYTES * variants }, (_, index) => {
    const others = Array.from({ length: index % variants }, () => CONTINUATION + random.integer(0, 63));
    const pair = [first, Math.floor(index / variants), ...others];
    return Uint8Array.from([...BEFORE.subarray(0, 3 * random.integer(0, 6)), ...pair, ...BEHIND]);
  });
}
