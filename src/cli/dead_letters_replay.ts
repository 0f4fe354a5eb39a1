/**
 * `sluice dead-letters replay`: which letters are meant, where they go, and what is said of them afterwards. Sending is done in
 * `dead_letters_sender.ts`, taking them out of their file in `dead_letters_claim.ts`.
 *
 * @module
 */
import type { PipelineConfig } from "../config/validate.ts";
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { settleLetters } from "./dead_letters_claim.ts";
import { measureLetters } from "./dead_letters_drop.ts";
import { isTaken, type LetterFilter, type LetterLine, type ReadLetter } from "./dead_letters_file.ts";
import { findRoute, type LetterRoute, routesOf } from "./dead_letters_routes.ts";
import { type LetterGroup, LetterSender } from "./dead_letters_sender.ts";

/** What is to be sent again, and through what. */
export interface ReplayOrder {
  /** The checkpoint directory. */
  readonly directory: string;
  readonly filter: LetterFilter;
  /** A topic in place of the letters' own. */
  readonly to: string | undefined;
  readonly pipelines: readonly PipelineConfig[];
}

/** The world of a command. */
export interface CommandWorld {
  readonly env: Env;
  readonly log: Log;
  /** Aborts when the process is told to stop. */
  readonly signal: AbortSignal;
}

/** What has become of letters. */
export interface LetterReport {
  /** For people. */
  readonly lines: readonly string[];
  /** Whether nothing that was meant is left. */
  readonly isDone: boolean;
}

/** Sends letters again; those that are acknowledged are letters no more. @throws {DeadLettersError} see `settleLetters`. */
export async function replayLetters(order: ReplayOrder, world: CommandWorld): Promise<LetterReport> {
  const { directory, filter } = order;
  const extent = measureLetters(directory, filter, world.env);
  if (extent.count === 0) return { lines: ["0 sent: no dead letter is meant"], isDone: true };
  const sender = new LetterSender(extent.bytesMax, world);
  const replay = new Replay(order, sender);
  try {
    await settleLetters({ directory, env: world.env }, (lines) => replay.settle(lines));
  } finally {
    await sender.stop();
  }
  return replay.report();
}

/** One replay: what was acknowledged and what was not. */
class Replay {
  readonly #order: ReplayOrder;
  readonly #routes: readonly LetterRoute[];
  readonly #sender: LetterSender;
  /** By topic. */
  readonly #sent = new Map<string, number>();
  /** By what is said of them. */
  readonly #kept = new Map<string, number>();

  constructor(order: ReplayOrder, sender: LetterSender) {
    this.#order = order;
    this.#routes = routesOf(order.pipelines);
    this.#sender = sender;
  }

  /** @returns those that were acknowledged. */
  async settle(lines: readonly LetterLine[]): Promise<ReadonlySet<LetterLine>> {
    const gone = new Set<LetterLine>();
    const taken = lines.filter((line) => isTaken(line, this.#order.filter));
    const meant = taken.filter((line): line is ReadLetter => line.letter !== undefined);
    for (let count = meant.length; count < taken.length; count++) add(this.#kept, "a line that is no dead letter");
    for (const group of this.#groups(meant)) {
      await this.#sender.send(group, (letter, topic, refusal) => {
        if (refusal !== undefined) return this.#keep(letter, refusal);
        add(this.#sent, topic);
        gone.add(letter);
      });
    }
    return gone;
  }

  report(): LetterReport {
    const sent = [...this.#sent].map(([topic, count]) => `${count} sent to ${topic}`);
    const kept = [...this.#kept].map(([what, count]) => `${count} kept: ${what}`);
    return { lines: [...sent, ...kept], isDone: kept.length === 0 };
  }

  /** Letters that go the same way; those that go nowhere are kept. */
  #groups(letters: readonly ReadLetter[]): readonly LetterGroup[] {
    const { to } = this.#order;
    const groups = new Map<LetterRoute, Map<string, ReadLetter[]>>();
    for (const one of letters) {
      const route = findRoute(one.letter, this.#routes, to);
      if ("refusal" in route) this.#keep(one, route.refusal);
      else listIn(groups, route, to ?? one.letter.topic).push(one);
    }
    return [...groups].flatMap(([route, topics]) => [...topics].map(([topic, letters]) => ({ route, topic, letters })));
  }

  #keep({ letter }: ReadLetter, refusal: string): void {
    add(this.#kept, `for ${letter.topic || "no topic"}: ${refusal}`);
  }
}

function listIn(
  groups: Map<LetterRoute, Map<string, ReadLetter[]>>,
  route: LetterRoute,
  topic: string,
): ReadLetter[] {
  const topics = groups.get(route) ?? new Map<string, ReadLetter[]>();
  groups.set(route, topics);
  const letters = topics.get(topic) ?? [];
  topics.set(topic, letters);
  return letters;
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
