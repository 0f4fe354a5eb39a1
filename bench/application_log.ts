/**
 * Made-up logs of applications that write text: lines of 512 bytes, Chinese with emoji, and lines so long that runtimes cut them.
 *
 * @module
 */
import type { Random } from "../tests/support/random.ts";

const LINE_BYTES = 512;
/** Longer than the 16 KiB at which runtimes cut: two or three pieces a line. */
const LONG_LINE_BYTES_MIN = 17_000;
const LONG_LINE_BYTES_MAX = 40_000;
const LEVELS = ["INFO", "INFO", "INFO", "DEBUG", "WARN"];
const WORDS =
  "order customer stock price cart checkout payment accepted declined retry cache hit miss queue worker lock " +
  "waiting finished request response user session token expired page item shipped address invoice total currency";
const CHINESE = [
  "订单已提交，等待支付",
  "支付成功，感谢您的购买",
  "库存不足，请稍后再试",
  "用户登录成功",
  "商品已加入购物车",
  "连接数据库超时，正在重试",
  "消息队列积压超过阈值",
];
const NAMES = ["王小明", "李娜", "张伟", "陈静", "欧阳雪"];
const EMOJI = ["🎉", "🚚", "⚠️", "👨‍👩‍👧", "🔥", "✅"];
const words = WORDS.split(" ");

/** A line of 512 bytes of ASCII. */
export function shortLine(_index: number, random: Random): string {
  return lineOfLength(LINE_BYTES, random);
}

/** A line of 17 to 40 kB of ASCII. */
export function longLine(_index: number, random: Random): string {
  return lineOfLength(random.integer(LONG_LINE_BYTES_MIN, LONG_LINE_BYTES_MAX), random);
}

/** A line of about 100 characters, most of them Chinese, with one emoji or two: about 220 bytes. */
export function chineseLine(index: number, random: Random): string {
  const parts = Array.from({ length: 3 }, () => random.pick(CHINESE));
  const order = `订单号 ${index}，客户 ${random.pick(NAMES)}，金额 ¥${random.integer(1, 99_999) / 100}`;
  return `[${random.pick(LEVELS)}] ${parts.join("；")} ${random.pick(EMOJI)} ${order} ${random.pick(EMOJI)}`;
}

function lineOfLength(length: number, random: Random): string {
  const parts = [`${random.pick(LEVELS)} [worker-${random.integer(1, 64)}] id=${random.integer(0, 0xffff_ffff)}`];
  for (let size = parts[0].length; size < length; size += parts[parts.length - 1].length + 1) {
    parts.push(random.pick(words));
  }
  return parts.join(" ").slice(0, length - 1) + ".";
}
