/**
 * What V8 finds in a text, as the kernel says it.
 *
 * @module
 */
import type { Captured } from "./capture_memory.ts";

/** The places of the match of an expression with the flag `u`, and of so many of its groups, in bytes of the text as UTF-8. */
export function engineCaptures(regex: RegExp, text: string, groups: number): Captured {
  const match = new RegExp(regex.source, `${regex.flags}d`).exec(text);
  if (match === null) return "no match";
  // Where each UTF-16 unit begins in UTF-8.
  const bytesBefore = [0];
  for (const character of text) {
    const start = bytesBefore[bytesBefore.length - 1];
    const bytes = character < "\x80" ? 1 : character < "\u0800" ? 2 : character.length === 1 ? 3 : 4;
    if (bytes === 4) bytesBefore.push(start);
    bytesBefore.push(start + bytes);
  }
  return Array.from({ length: groups + 1 }, (_, group) => {
    const place = match.indices?.[group];
    return place && [bytesBefore[place[0]], bytesBefore[place[1]]] as const;
  });
}
