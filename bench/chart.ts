/**
 * The chart of throughput in the README, as SVG, made from `bench/results.json`. For
 * each mode and agent there are two bars, without compression and with lz4.
 *
 * @module
 */
import { OWN, type ThroughputResult } from "./throughput_report.ts";

const WIDTH = 860;
const MARGIN = 16;
const HEAD_HEIGHT = 62;
const LABEL_WIDTH = 120;
/** What is left for the number at the end of the longest bar. */
const NUMBER_WIDTH = 56;
const BAR_HEIGHT = 9;
const ROW_GAP = 5;
const GROUP_HEAD = 22;
const GROUP_GAP = 12;
const CODECS = ["none", "lz4"] as const;
const INK = "#24292f";
const FILLS = {
  own: { none: "#0b6e4f", lz4: "#5fb49c" },
  other: { none: "#6e7781", lz4: "#b7bfc7" },
} as const;

/** One agent in one mode. */
interface ChartRow {
  readonly agent: string;
  /** By codec; not every one need be measured. */
  readonly speeds: ReadonlyMap<string, number>;
}

/** The chart's text. It ends with a newline, and is the same for the same results. */
export function chartOf(results: readonly ThroughputResult[]): string {
  const groups = [...Map.groupBy(results, ({ mode }) => mode)].map(([mode, rows]) => ({ mode, rows: rowsOf(rows) }));
  const largest = Math.max(1, ...results.map(({ inputMBPerCpuSecond }) => inputMBPerCpuSecond));
  const scale = (WIDTH - 2 * MARGIN - LABEL_WIDTH - NUMBER_WIDTH) / largest;
  const parts: string[] = [];
  let y = HEAD_HEIGHT;
  for (const { mode, rows } of groups) {
    parts.push(text(MARGIN, y + 13, mode, "bold"));
    y += GROUP_HEAD;
    for (const row of rows) {
      parts.push(...rowParts(row, y, scale));
      y += CODECS.length * BAR_HEIGHT + ROW_GAP;
    }
    y += GROUP_GAP;
  }
  return [head(y), ...parts, "</svg>"].join("\n") + "\n";
}

/** Agents in the order of the results. */
function rowsOf(results: readonly ThroughputResult[]): ChartRow[] {
  return [...Map.groupBy(results, ({ agent }) => agent)].map(([agent, rows]) => ({
    agent,
    speeds: new Map(rows.map(({ codec, inputMBPerCpuSecond }) => [codec, inputMBPerCpuSecond])),
  }));
}

function rowParts({ agent, speeds }: ChartRow, y: number, scale: number): string[] {
  const fills = agent === OWN ? FILLS.own : FILLS.other;
  const weight = agent === OWN ? "bold" : "normal";
  const bars = CODECS.flatMap((codec, index) => {
    const speed = speeds.get(codec);
    if (speed === undefined) return [];
    const top = y + index * BAR_HEIGHT;
    return [bar(top, speed * scale, fills[codec]), number(top, speed, scale)];
  });
  return [text(MARGIN + 8, y + 13, agent, weight), ...bars];
}

function bar(y: number, width: number, fill: string): string {
  const x = MARGIN + LABEL_WIDTH;
  return `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT - 1}" fill="${fill}"/>`;
}

function number(y: number, speed: number, scale: number): string {
  const x = (MARGIN + LABEL_WIDTH + speed * scale + 5).toFixed(1);
  return `<text x="${x}" y="${y + 8}" font-size="9" fill="${INK}">${speed.toFixed(0)}</text>`;
}

function text(x: number, y: number, content: string, weight: "bold" | "normal"): string {
  return `<text x="${x}" y="${y}" font-size="12" font-weight="${weight}" fill="${INK}">${content}</text>`;
}

function head(height: number): string {
  const legend = CODECS.map((codec, index) => {
    const x = MARGIN + index * 150;
    const label = codec === "none" ? "without compression" : codec;
    return `<rect x="${x}" y="38" width="10" height="10" fill="${FILLS.own[codec]}"/>` +
      `<text x="${x + 15}" y="47" font-size="11" fill="${INK}">${label}</text>`;
  });
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="system-ui, sans-serif" role="img">
<title>Megabytes of log per CPU-second of the agent</title>
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
${text(MARGIN, 24, "Megabytes of log per CPU-second of the agent, to a real Kafka with acks = all", "bold")}
${legend.join("\n")}`;
}
