/**
 * The option `Convert` of flushers: which form messages have, and what tags and parts are called in it. Differs on purpose: the
 * walk-through's form, which has no name in the original, is called `tutorial` here and is the default; and what the original passes
 * over without a word, because the form has no such names, is a problem.
 * Source: https://github.com/alibaba/loongcollector/blob/main/pkg/protocol/converter/converter.go
 *
 * @module
 */
import * as z from "zod";
import type { StringMap } from "../core/container.ts";
import { withFacts } from "../core/option_facts.ts";
import { asksForNothing, warnedWhen } from "../core/option_notes.ts";
import { type OptionType, scalar, section, text, textMap, whenGood, wrongValue } from "../core/options.ts";

/** The forms of messages. */
export type FormName =
  | "tutorial"
  | "custom_single"
  | "custom_single_flatten"
  | "jsonline"
  | "raw"
  | "otlp_json"
  | "otlp_protobuf";

/** Which form messages have. */
export interface ConvertOptions {
  readonly form: FormName;
  /** Converted names of tags → other names; `""` leaves a tag out. Empty where the form has no tags. */
  readonly tagRename: StringMap;
  /** What the parts of a message are called. */
  readonly partNames: PartNames;
}

/** Names of the parts of a message. */
interface PartNames {
  readonly time: string;
  readonly contents: string;
  readonly tags: string;
}

/** The messages of a flusher whose options say nothing of them. */
export const CONVERT_DEFAULT: ConvertOptions = {
  form: "tutorial",
  tagRename: {},
  partNames: { time: "time", contents: "contents", tags: "tags" },
};

/** How a message is written, as the options name it. */
type Encoding = "json" | "protobuf" | "none";

/** What there is of a protocol. */
interface Protocol {
  /** Its forms by encoding; the first is the default. */
  readonly forms: Readonly<Partial<Record<Encoding, FormName>>>;
  readonly hasTagNames: boolean;
  readonly hasPartNames: boolean;
}

const PROTOCOLS = {
  tutorial: { forms: { json: "tutorial" }, hasTagNames: false, hasPartNames: false },
  custom_single: { forms: { json: "custom_single" }, hasTagNames: true, hasPartNames: true },
  custom_single_flatten: { forms: { json: "custom_single_flatten" }, hasTagNames: true, hasPartNames: true },
  jsonline: { forms: { json: "jsonline" }, hasTagNames: true, hasPartNames: true },
  raw: { forms: { none: "raw" }, hasTagNames: false, hasPartNames: false },
  otlp_v1: { forms: { json: "otlp_json", protobuf: "otlp_protobuf" }, hasTagNames: true, hasPartNames: false },
} as const satisfies Readonly<Record<string, Protocol>>;

type ProtocolName = keyof typeof PROTOCOLS;

const PROTOCOL_NAMES = Object.keys(PROTOCOLS) as readonly ProtocolName[];
/** How the original's manual calls `otlp_v1`. */
const OTLP_OTHER_NAME = "otlp_log_v1";
/** What the original has beside these. */
const UNSUPPORTED: readonly string[] = ["influxdb", "sls"];
/** `custom` is the original's word for what is no encoding. */
const ENCODINGS: ReadonlyMap<string, Encoding> = new Map([
  ["json", "json"],
  ["protobuf", "protobuf"],
  ["none", "none"],
  ["custom", "none"],
  ["", "none"],
]);
/** Tags that the original writes after it has renamed the others. */
const FIXED_TAG_NAMES: readonly string[] = ["host.ip", "log.topic"];

/** `Convert` as its parts have been read. */
interface GivenConvert {
  readonly Protocol: ProtocolName;
  readonly Encoding?: Encoding;
  readonly TagFieldsRename: StringMap;
  readonly ProtocolFieldsRename: Partial<PartNames>;
}

/** The option `Convert`; `CONVERT_DEFAULT` where it is left out. */
export function convert(): OptionType<ConvertOptions> {
  return section({
    Protocol: protocol(),
    Encoding: encoding(),
    TagFieldsRename: tagFieldsRename(),
    ProtocolFieldsRename: section({ time: name(), contents: name(), tags: name() }),
  }).superRefine(checkEncoding, whenGood("Protocol", "Encoding"))
    .superRefine(checkTagNames, whenGood("Protocol", "TagFieldsRename"))
    .superRefine(checkPartNames, whenGood("Protocol", "ProtocolFieldsRename"))
    .transform(convertOptions);
}

const name = () => text().optional();

function protocol(): OptionType<ProtocolName> {
  const wanted = PROTOCOL_NAMES.join(" or ");
  const schema = z.string({ error: (issue) => wrongValue(wanted, issue.input) }).transform((given, context) => {
    const found = PROTOCOL_NAMES.find((one) => one === (given === OTLP_OTHER_NAME ? "otlp_v1" : given));
    if (found !== undefined) return found;
    const message = wrongValue(wanted, given);
    context.addIssue({ code: "custom", message: UNSUPPORTED.includes(given) ? `not supported: ${message}` : message });
    return z.NEVER;
  });
  return withFacts(schema, { kind: "choice", wanted, words: PROTOCOL_NAMES }).default("tutorial");
}

function encoding(): OptionType<Encoding | undefined> {
  const wanted = "json or protobuf or none";
  const schema = scalar(wanted, (given) => ENCODINGS.get(given.toLowerCase()));
  return withFacts(schema, { kind: "choice", wanted, words: ["json", "protobuf", "none"] }).optional();
}

function tagFieldsRename(): OptionType<StringMap> {
  return warnedWhen(textMap().default({}), (given) => {
    const fixed = FIXED_TAG_NAMES.filter((tag) => typeof given === "object" && given !== null && tag in given);
    return fixed.length === 0 ? undefined : `${fixed.join(" and ")} cannot be renamed, as in the original`;
  });
}

function checkEncoding(given: GivenConvert, context: z.RefinementCtx): void {
  const possible = Object.keys(PROTOCOLS[given.Protocol].forms);
  if (given.Encoding === undefined || possible.includes(given.Encoding)) return;
  const message = `${given.Encoding} is not possible with Protocol ${given.Protocol}: must be ${possible.join(" or ")}`;
  context.addIssue({ code: "custom", path: ["Encoding"], message });
}

function checkTagNames({ Protocol, TagFieldsRename }: GivenConvert, context: z.RefinementCtx): void {
  if (PROTOCOLS[Protocol].hasTagNames || asksForNothing(TagFieldsRename)) return;
  context.addIssue({ code: "custom", path: ["TagFieldsRename"], message: withoutEffectIn(Protocol) });
}

function checkPartNames({ Protocol, ProtocolFieldsRename }: GivenConvert, context: z.RefinementCtx): void {
  if (PROTOCOLS[Protocol].hasPartNames || asksForNothing(ProtocolFieldsRename)) return;
  context.addIssue({ code: "custom", path: ["ProtocolFieldsRename"], message: withoutEffectIn(Protocol) });
}

function withoutEffectIn(protocol: ProtocolName): string {
  const isDefault = protocol === CONVERT_DEFAULT.form;
  const remedy = isDefault ? ", the default here: name another, such as custom_single" : "";
  return `has no effect with Protocol ${protocol}${remedy}`;
}

function convertOptions({ Protocol, Encoding, TagFieldsRename, ProtocolFieldsRename }: GivenConvert): ConvertOptions {
  const forms: Protocol["forms"] = PROTOCOLS[Protocol].forms;
  const form = Encoding === undefined ? Object.values(forms)[0] : forms[Encoding];
  const { time, contents, tags } = { ...CONVERT_DEFAULT.partNames, ...ProtocolFieldsRename };
  return { form: form ?? CONVERT_DEFAULT.form, tagRename: TagFieldsRename, partNames: { time, contents, tags } };
}
