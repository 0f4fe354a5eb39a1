/**
 * The forms in which runtimes write a line of a container to its log.
 *
 * @module
 */

const START_MS = Date.UTC(2026, 6, 13, 15, 45, 54);
const OFFSET_MS = 8 * 60 * 60 * 1000;
const NUMBERS_PER_LINE = 593_653;

/** How one line is written. */
export interface LogFormat {
  /** The time of the line number `index`, as the log has it. */
  time(index: number): string;
  /** The line with its newline; `content` has none. A partial one goes on in the next line. */
  line(time: string, content: string, isPartial?: boolean): string;
}

/**
 * containerd and CRI-O: `time stdout F content`, in a time zone that is not UTC.
 * https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
 */
export const criFormat: LogFormat = {
  time: (index) =>
    new Date(START_MS + OFFSET_MS + index).toISOString().replace("Z", `${belowMilliseconds(index)}+08:00`),
  line: (time, content, isPartial) => `${time} stdout ${isPartial ? "P" : "F"} ${content}\n`,
};

/**
 * Docker's driver `json-file`. Its times are RFC 3339 in UTC without trailing zeros, and its JSON escapes what could be taken for
 * HTML. https://github.com/moby/moby/blob/master/daemon/logger/jsonfilelog/jsonlog/jsonlogbytes.go
 */
export const dockerFormat: LogFormat = {
  time: (index) =>
    new Date(START_MS + index).toISOString().replace("Z", belowMilliseconds(index)).replace(/\.?0+$/, "") + "Z",
  line: (time, content, isPartial) => {
    return `{"log":"${escaped(content)}${isPartial ? "" : "\\n"}","stream":"stdout","time":"${time}"}\n`;
  },
};

/** Six digits: what a time has behind its milliseconds. */
function belowMilliseconds(index: number): string {
  return String(index * NUMBERS_PER_LINE % 1_000_000).padStart(6, "0");
}

/** Docker's writer knows short escapes for quote, backslash, newline and return only. */
function escaped(content: string): string {
  const json = JSON.stringify(content).slice(1, -1);
  return json.replaceAll(/\\.|[<>&\u2028\u2029]/g, (text) => /\\["\\nru]/.test(text) ? text : unicodeEscape(text));
}

function unicodeEscape(text: string): string {
  const character: string = JSON.parse(`"${text}"`);
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
