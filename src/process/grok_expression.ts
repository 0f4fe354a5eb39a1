/**
 * A grok expression → a regular expression and the fields that it gives: `%{IP:client}` is the pattern `IP`, whose match becomes the
 * field `client`; `%{IP}` gives none. Groups that are named in the expression itself give fields, too.
 *
 * @module
 */
import type { RecordField } from "../core/record.ts";
import { parseRegex } from "../core/regex.ts";

const REFERENCE = /%\{([\w.-]+)(?::([\w.-]+))?(?::[\w.-]+)?\}/g;
/** Patterns may name each other so often that nothing could hold the result. */
const EXPRESSION_CHARS_MAX = 1024 * 1024;
const LEVELS_MAX = 100;
/** Begins the names of groups that stand for a field of another name. */
const GROUP_PREFIX = "grok";

/** An expression that cannot be used. */
export class GrokError extends Error {
  override readonly name = "GrokError";
}

/** An expression, ready to be matched. */
export class GrokExpression {
  readonly #regex: RegExp;
  /** Field names by the number in their group's name. */
  readonly #names: string[] = [];
  readonly #patterns: ReadonlyMap<string, string>;
  #chars = 0;

  /**
   * @param patterns those that the expression and they themselves may name.
   * @throws {GrokError} when a pattern is unknown, or leads back to itself.
   * @throws {RegexError} when what comes of it is not a usable regular expression.
   */
  constructor(expression: string, patterns: ReadonlyMap<string, string>) {
    this.#patterns = patterns;
    this.#regex = parseRegex(this.#expanded(expression, []), "g");
  }

  /** @returns the fields of all matches, without empty ones, in the order of the expression; of one name the last in a match. */
  fields(value: string): RecordField[] {
    return [...value.matchAll(this.#regex)].flatMap((match) => this.#fieldsOf(match.groups ?? {}));
  }

  #fieldsOf(groups: Readonly<Record<string, string | undefined>>): RecordField[] {
    const values = new Map<string, string>();
    for (const [group, value] of Object.entries(groups)) {
      if (value) values.set(this.#fieldName(group), value);
    }
    return [...values].map(([name, value]) => ({ name, value }));
  }

  #fieldName(group: string): string {
    const number = group.startsWith(GROUP_PREFIX) ? Number(group.slice(GROUP_PREFIX.length)) : NaN;
    return this.#names[number] ?? group;
  }

  /** @param inside the patterns that this one is in. */
  #expanded(expression: string, inside: readonly string[]): string {
    return expression.replace(REFERENCE, (_written, pattern: string, field: string | undefined) => {
      const source = this.#patterns.get(pattern);
      if (source === undefined) throw new GrokError(`there is no pattern ${pattern}`);
      if (inside.includes(pattern)) throw new GrokError(`pattern ${pattern} leads back to itself`);
      this.#chars += source.length;
      if (this.#chars > EXPRESSION_CHARS_MAX || inside.length > LEVELS_MAX) {
        throw new GrokError("it is too large with all its patterns");
      }
      const opening = field === undefined ? "(?:" : `(?<${GROUP_PREFIX}${this.#names.push(field) - 1}>`;
      return `${opening}${this.#expanded(source, [...inside, pattern])})`;
    });
  }
}
