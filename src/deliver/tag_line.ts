/**
 * The line that tells of the tags of a batch's records, for `flusher_stdout`:
 * `[LogGroup] topic , logstore , logcount 2, tags [Key:"__path__" Value:"/a.log" ]`. There is no logstore here.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/flusher/stdout/flusher_stdout.go
 *
 * @module
 */
import type { Batch } from "../core/batch.ts";
import type { Tag } from "../core/source.ts";

const TAG_PREFIX = "__tag__:";
/** The tag that names the topic, which is no tag in the original. */
const TOPIC_NAME = "__log_topic__";

/** The line, with its newline. */
export function tagLine({ source, rows, records }: Batch): string {
  const topic = source.tags.find(([name]) => name === TOPIC_NAME)?.[1] ?? "";
  const tags = source.tags.filter(([name]) => name !== TOPIC_NAME).map(tagText);
  const head = `[LogGroup] topic ${onOneLine(topic)}, logstore , logcount ${records?.length ?? rows}`;
  return `${head}, tags [${tags.join(" ")}]\n`;
}

function tagText([name, value]: Tag): string {
  const key = name.startsWith(TAG_PREFIX) ? name.slice(TAG_PREFIX.length) : name;
  return `Key:${JSON.stringify(key)} Value:${JSON.stringify(value)} `;
}

function onOneLine(text: string): string {
  return text.replaceAll("\n", "\\n");
}
