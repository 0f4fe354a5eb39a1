/**
 * What has arrived in the topics for good, held against what was written: each line whole, none twice within a life of the agent, and in
 * the order of its writer within a partition.
 *
 * @module
 */
import type { AppendedBatch, SimulatedPartition } from "./simulated_partition.ts";
import { type LineName, textOf, tryLineName } from "./written_lines.ts";

/** What is known of one writer. */
interface Arrived {
  /** By number. */
  readonly counts: number[];
  /** The numbers that need not come. */
  readonly excused: Set<number>;
  /** The highest number so far. */
  highest: number;
}

/** What can be expected of a run. */
export interface DeliveryOptions {
  /** Whether a writer's lines all come to one partition. */
  readonly isSinglePartition: boolean;
  /** Whether a writer's lines come to a partition in order. */
  readonly isOrdered: boolean;
  /** Whether no line comes again, whatever was killed. */
  readonly isExactlyOnce: boolean;
}

/** The lines that have arrived. */
export class Deliveries {
  /** Lines that came again. */
  repeated = 0;
  readonly #writers = new Map<string, Arrived>();
  /** The last number of a writer in a partition in a life, and the numbers of a writer in a life. */
  readonly #last = new Map<string, number>();
  readonly #ofLife = new Map<string, Set<number>>();
  /** Containers and lives of which something has arrived. */
  readonly #seen = new Set<string>();
  /** The texts of excused lines of which only the end may come. */
  readonly #excusedCuts: string[] = [];
  readonly #promised = new Set<string>();
  readonly #options: DeliveryOptions;
  readonly #complain: (problem: string) => void;
  #isStrict = true;

  constructor(options: DeliveryOptions, complain: (problem: string) => void) {
    this.#options = options;
    this.#complain = complain;
  }

  /** Number of lines that need not come, and have not. */
  get excusedCount(): number {
    return [...this.#writers.values()].reduce((sum, { excused, counts }) => {
      return sum + [...excused].filter((number) => counts[number] === undefined).length;
    }, 0);
  }

  /** Brokers have forgotten producers: from now on lines may come twice and late. */
  loosen(): void {
    this.#isStrict = false;
  }

  /** A line will perhaps not come, and that is right. */
  excuse({ writer, number }: LineName): void {
    this.#of(writer).excused.add(number);
  }

  /** The beginning of a line will perhaps not come, and its end by itself. */
  excuseCut(line: LineName): void {
    this.excuse(line);
    this.#excusedCuts.push(textOf(line));
  }

  /** Whether a line has come or need not. */
  isDone({ writer, number }: LineName): boolean {
    const { counts, excused } = this.#of(writer);
    return (counts[number] ?? 0) > 0 || excused.has(number);
  }

  /** Whether anything of a container has arrived from a life of the agent. */
  hasArrived(containerId: string, lifeNumber: number): boolean {
    return this.#seen.has(`${containerId} ${lifeNumber}`);
  }

  /** Whether a line has come, will come by what is decided, or need not. */
  isDecided(line: LineName): boolean {
    return this.isDone(line) || this.#promised.has(`${line.writer} ${line.number}`);
  }

  /** Takes note of a batch that will come. */
  promise({ batch }: AppendedBatch): void {
    for (const content of contentsOf(batch)) {
      const line = tryLineName(content);
      if (line !== undefined) this.#promised.add(`${line.writer} ${line.number}`);
    }
  }

  /** Takes note of a batch. */
  add({ name }: SimulatedPartition, { batch, lifeNumber }: AppendedBatch): void {
    for (const content of contentsOf(batch)) {
      const line = tryLineName(content);
      if (line !== undefined && textOf(line) === content) this.#addLine(line, name, lifeNumber);
      else if (!this.#excusedCuts.some((text) => text.endsWith(content))) {
        this.#complain(`a broken line arrived: "${content}"`);
      }
    }
  }

  #addLine(line: LineName, partition: string, lifeNumber: number): void {
    const { writer, number } = line;
    const arrived = this.#of(writer);
    const isFirst = (arrived.counts[number] ?? 0) === 0;
    this.#seen.add(`${writer.split(":", 1)[0]} ${lifeNumber}`);
    if (!isFirst) this.repeated++;
    if (!isFirst && this.#options.isExactlyOnce) this.#complain(`${writer} ${number} came again in life ${lifeNumber}`);
    if (this.#isStrict) this.#checkLife(line, partition, lifeNumber);
    const { isSinglePartition, isOrdered } = this.#options;
    if (this.#isStrict && isOrdered && isSinglePartition && isFirst && number < arrived.highest) {
      this.#complain(`${writer} ${number} came for the first time after ${arrived.highest}`);
    }
    arrived.counts[number] = (arrived.counts[number] ?? 0) + 1;
    arrived.highest = Math.max(arrived.highest, number);
  }

  #checkLife({ writer, number }: LineName, partition: string, lifeNumber: number): void {
    const place = `${lifeNumber} ${partition} ${writer}`;
    const before = this.#last.get(place) ?? -1;
    if (this.#options.isOrdered && number < before) {
      this.#complain(`${writer} ${number} came after ${before} to ${partition} in life ${lifeNumber}`);
    }
    this.#last.set(place, number);
    const life = `${lifeNumber} ${writer}`;
    const numbers = this.#ofLife.get(life) ?? new Set();
    this.#ofLife.set(life, numbers);
    if (numbers.has(number)) this.#complain(`${writer} ${number} came twice in life ${lifeNumber}`);
    numbers.add(number);
  }

  #of(writer: string): Arrived {
    const arrived = this.#writers.get(writer) ?? { counts: [], excused: new Set(), highest: -1 };
    this.#writers.set(writer, arrived);
    return arrived;
  }
}

function contentsOf({ records }: AppendedBatch["batch"]): readonly string[] {
  return records.map(({ value }) => {
    const { Contents }: { Contents: { Key: string; Value: string }[] } = JSON.parse(new TextDecoder().decode(value!));
    return Contents.find(({ Key }) => Key === "content")?.Value ?? "";
  });
}
