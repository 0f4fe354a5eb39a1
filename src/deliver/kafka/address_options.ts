/**
 * `Brokers` and `Topic`: where records go. Both are checked for the slips that would otherwise show as a connection that never
 * comes up: placeholders left in, missing ports, names that Kafka refuses.
 *
 * @module
 */
import { type OptionType, scalar, textList } from "../../core/options.ts";

const PORT_DEFAULT = 9092;

/** Brokers as `host:port`; a list, one text, or one text with commas. The port may be left out. */
export function brokers(): OptionType<readonly string[]> {
  return textList("a list of brokers (host:port)").transform((given, context) => {
    const parts = given.flatMap((text, index) => text.split(",").map((part) => ({ text: part.trim(), index })));
    for (const { text, index } of parts) {
      const fault = tryBrokerFault(text);
      if (fault !== undefined) context.addIssue({ code: "custom", path: [index], message: fault });
    }
    if (parts.length === 0) context.addIssue({ code: "custom", message: "needs at least one broker (host:port)" });
    return parts.map(({ text }) => withPort(text));
  });
}

/** A topic's literal name, as Kafka allows it. */
export function topic(): OptionType<string> {
  return scalar("a topic's name", (name) => name).superRefine((name, context) => {
    const fault = tryTopicFault(name);
    if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
  });
}

function tryBrokerFault(broker: string): string | undefined {
  if (/[<>]/.test(broker)) return `"${broker}" is a placeholder: put your broker's host:port here`;
  if (broker.includes("${")) return `"${broker}": environment references are not supported yet`;
  const match = BROKER.exec(broker);
  if (match === null) return `must be host:port, not "${broker}"`;
  const port = Number(match[2] ?? PORT_DEFAULT);
  return port >= 1 && port <= 65_535 ? undefined : `the port must be from 1 to 65535, not ${match[2]}`;
}

/** A host name, an IPv4 address or an IPv6 address in brackets, and perhaps a port. */
const BROKER = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(\d+))?$/;

function withPort(broker: string): string {
  return /:\d+$/.test(broker) ? broker : `${broker}:${PORT_DEFAULT}`;
}

/** Source: org.apache.kafka.common.internals.Topic in the Kafka clients. */
function tryTopicFault(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (/^<.*>$/.test(name)) return `"${name}" is a placeholder: put your topic's name here`;
  if (name.includes("%{")) return "topics made from fields are not supported yet";
  if (name.includes("${")) return "environment references are not supported yet";
  if (name === "." || name === "..") return `"${name}" is not allowed as a topic`;
  if (name.length > 249) return `a topic's name has at most 249 characters, not ${name.length}`;
  return /^[A-Za-z0-9._-]+$/.test(name) ? undefined : `"${name}": a topic's name is of letters, digits and . _ -`;
}
