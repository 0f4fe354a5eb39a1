/**
 * The replacement of a regular expression as .NET and Go's regexp2 write it: `$1`, `${name}`, `$$`, `$&`, `` $` ``, `$'`, `$+`, `$_`.
 * Source: https://learn.microsoft.com/en-us/dotnet/standard/base-types/substitutions-in-regular-expressions
 *
 * @module
 */

const SUBSTITUTION = /\$(?:(\d+)|\{(\w+)\}|([$&`'+_]))/g;

/** Replaces every match of `regex`, which has the flag `g`. What names no group of it stays as it is written. */
export function replaceAllBy(regex: RegExp, template: string, value: string): string {
  if (!template.includes("$")) return value.replace(regex, () => template);
  let result = "";
  let at = 0;
  for (const match of value.matchAll(regex)) {
    result += value.slice(at, match.index) + filledIn(template, match);
    at = match.index + match[0].length;
  }
  return result + value.slice(at);
}

function filledIn(template: string, match: RegExpExecArray): string {
  return template.replace(SUBSTITUTION, (written: string, number?: string, name?: string, sign?: string) => {
    if (sign !== undefined) return signText(sign, match);
    return groupText(match, number ?? name ?? "") ?? written;
  });
}

function groupText(match: RegExpExecArray, name: string): string | undefined {
  if (/^\d+$/.test(name)) return Number(name) < match.length ? match[Number(name)] ?? "" : undefined;
  return match.groups && name in match.groups ? match.groups[name] ?? "" : undefined;
}

function signText(sign: string, match: RegExpExecArray): string {
  const end = match.index + match[0].length;
  switch (sign) {
    case "$":
      return "$";
    case "&":
      return match[0];
    case "`":
      return match.input.slice(0, match.index);
    case "'":
      return match.input.slice(end);
    case "+":
      return match.at(-1) ?? "";
    default:
      return match.input;
  }
}
