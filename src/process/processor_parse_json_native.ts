/**
 * `processor_parse_json_native`: the members of a JSON object become fields, one level deep. Objects and arrays stay JSON text,
 * without blanks; `null` is empty; a number with a fraction has six decimals. The text must be strictly JSON.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/ProcessorParseJsonNative.cpp
 *
 * @module
 */
import * as z from "zod";
import type { RowRun } from "../core/batch.ts";
import type { RecordField } from "../core/record.ts";
import { CutColumns, type CutPlan } from "./cut_columns.ts";
import { JsonScanner, tryUnescapeJson } from "./json_scanner.ts";
import {
  NativeParser,
  type NativeParserOptions,
  nativeParserOptions,
  nativeParserShape,
  type Parsed,
  parsedFields,
} from "./native_parser.ts";
import type { ProcessorContext } from "./processor_context.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The schema of the options: those that all native parsers have. */
export const processorParseJsonNativeOptions = (): z.ZodType<NativeParserOptions> =>
  z.object(nativeParserShape())
    .transform(nativeParserOptions);

/** Expands the first level of JSON objects. Of several members with one name, the last counts. */
export class ProcessorParseJsonNative extends NativeParser {
  readonly #columns: CutColumns | undefined;

  /** @param name the `Type` by which the user knows it. */
  constructor(options: NativeParserOptions, context: ProcessorContext, name = "processor_parse_json_native") {
    super(name, options, context);
    const plan: CutPlan = {
      sourceKey: options.sourceKey,
      noKeyError: false,
      rules: "members",
      outcome: (fields, source, pieces, names) => {
        const parsed = pieces.map((piece, index) => ({ ...piece, name: names[index] }));
        return { fields: parsedFields(options, fields, source, parsed) };
      },
    };
    this.#columns = CutColumns.tryMake(plan, context.columns, this.report, this.isKept.bind(this));
  }

  processRuns(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    return this.#columns?.process(runs);
  }

  protected override parse(value: string): Parsed {
    return isJson(value) ? tryMembers(new JsonScanner(value)) ?? NO_OBJECT : NO_OBJECT;
  }
}

const NO_OBJECT = "a value is not a JSON object, or broken";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @returns undefined for what is no object, or has half a surrogate pair as an escape. */
function tryMembers(scanner: JsonScanner): RecordField[] | undefined {
  if (!scanner.tryPass(OPEN_BRACE)) return undefined;
  const fields: RecordField[] = [];
  while (!scanner.tryPass(CLOSE_BRACE)) {
    scanner.tryPass(COMMA);
    scanner.peek();
    const name = tryUnescapeJson(scanner.tryString() ?? "");
    scanner.tryPass(COLON);
    const value = tryValue(scanner);
    if (name === undefined || value === undefined) return undefined;
    fields.push({ name, value });
  }
  return fields;
}

function tryValue(scanner: JsonScanner): string | undefined {
  const first = scanner.peek();
  if (first === QUOTE) return tryUnescapeJson(scanner.tryString() ?? "");
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return withoutBlanks(scanner.tryBlock() ?? "");
  return scalarText(scanner.tryScalar() ?? "");
}

function scalarText(token: string): string {
  if (token === "null") return "";
  if (/^[tf]/.test(token)) return token;
  return /^-?\d+$/.test(token) && isWord(BigInt(token)) ? `${BigInt(token)}` : sixDecimals(Number(token));
}

/** Whether an integer fits 64 bits, signed or not. */
function isWord(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value;
}

/** As C's `%f`. */
function sixDecimals(value: number): string {
  // From here on toFixed writes an exponent.
  return Math.abs(value) < 1e21 ? value.toFixed(6) : `${BigInt(value)}.000000`;
}

/** Takes the blanks out of JSON text, except in strings. */
function withoutBlanks(json: string): string {
  let isInString = false;
  return json.split('"').map((part) => {
    if (isInString) {
      isInString = escapeLength(part) % 2 === 1;
      return part;
    }
    isInString = true;
    return part.replace(/[ \t\r\n]+/g, "");
  }).join('"');
}

/** How many backslashes end a text. */
function escapeLength(text: string): number {
  let start = text.length;
  while (text[start - 1] === "\\") start--;
  return text.length - start;
}
