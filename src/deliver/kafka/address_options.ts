/**
 * `Brokers`: where records go. They are checked for the slips that would otherwise show as a connection that never
 * comes up: placeholders left in, missing ports, names that Kafka refuses.
 *
 * @module
 */
import { type OptionType, textList } from "../../core/options.ts";

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

function tryBrokerFault(broker: string): string | undefined {
  if (/[<>]/.test(broker)) return `"${broker}" is a placeholder: put your broker's host:port here`;
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
