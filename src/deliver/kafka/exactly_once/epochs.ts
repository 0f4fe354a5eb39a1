/**
 * One session after the other under one transactional id: the first says who delivers from now on, each later one finds out what came of the
 * transaction in which the session before broke.
 *
 * Who delivers is told by the head that each transaction commits beside its positions. An epoch alone does not tell: it is also lost when
 * a transaction takes too long.
 *
 * @module
 */
import type { Env } from "../../../core/env.ts";
import type { Log } from "../../../core/log.ts";
import type { Position } from "../../../core/position.ts";
import type { BrokerDirectory } from "../cluster.ts";
import { CommittedPositions } from "./committed_positions.ts";
import { type SessionOptions, TransactionSession } from "./session.ts";
import { TransactionBroken } from "./until_done.ts";

/** Positions by source; undefined: it is forgotten. */
export type PositionChanges = ReadonlyMap<string, Position | undefined>;

/** What sessions are made with. */
export interface EpochParts {
  readonly env: Env;
  readonly log: Log;
  /** Connections for one session. */
  readonly connect: () => BrokerDirectory;
}

/** How transactions are made. */
export interface EpochOptions extends SessionOptions {
  /** For messages. */
  readonly pipeline: string;
}

/** The sessions of one flusher. */
export class Epochs {
  readonly #parts: EpochParts;
  readonly #options: EpochOptions;
  readonly #committed: CommittedPositions;
  readonly #onBroken: () => void;
  readonly #signal: AbortSignal;
  #session: TransactionSession;

  /** @param onBroken called when a session turns out to be over; @param signal aborts when delivery stops. */
  constructor(parts: EpochParts, options: EpochOptions, onBroken: () => void, signal: AbortSignal) {
    this.#parts = parts;
    this.#options = options;
    this.#committed = new CommittedPositions(options.transactionalId, parts.env, parts.log);
    this.#onBroken = onBroken;
    this.#signal = signal;
    this.#session = this.#make();
  }

  /** The present session. */
  get session(): TransactionSession {
    return this.#session;
  }

  /** Whether this life of the agent is known as the one that delivers. */
  get isClaimed(): boolean {
    return this.#committed.isClaimed;
  }

  /** Whether a position of the source is committed. */
  has(sourceKey: string): boolean {
    return this.#committed.has(sourceKey);
  }

  /** Becomes the one who delivers. @returns all positions; undefined: it is to be tried again. */
  async tryClaim(): Promise<ReadonlyMap<string, Position> | undefined> {
    return await this.#unlessBroken(async (session) => {
      await this.#committed.locate(session.topic);
      await session.begin();
      const positions = await this.#committed.readAll(session.topic);
      await this.#commit(session, new Map());
      this.#committed.claimed();
      if (await session.topic.isForgetful()) this.#warnOfTopic();
      return positions;
    });
  }

  /**
   * Goes on after a session has broken.
   *
   * @returns whether the transaction that was on its way is committed, or that somebody else delivers; undefined: it is to be tried again.
   */
  async tryRecover(): Promise<"committed" | "aborted" | "fenced" | undefined> {
    return await this.#unlessBroken(async (session) => {
      if (!await this.#committed.isOurs(session.topic)) return "fenced";
      await session.begin();
      const isCommitted = await this.#committed.isCommitted(session.topic);
      return isCommitted === undefined ? "fenced" : isCommitted ? "committed" : "aborted";
    });
  }

  /** Commits the transaction, all of whose records are acknowledged. @returns false: the session is over, and it is committed or not. */
  async tryCommit(positions: PositionChanges): Promise<boolean> {
    try {
      await this.#commit(this.#session, positions);
      return true;
    } catch (error) {
      if (!(error instanceof TransactionBroken)) throw error;
      this.#session.stop();
      return false;
    }
  }

  /** The transaction is committed. */
  note(positions: PositionChanges): void {
    this.#committed.note(positions);
  }

  /** A topic refuses what it must take, or has taken before: the transaction begins anew until it does not. */
  async waitFor(session: TransactionSession, topic: string, reason: string): Promise<void> {
    const { env, log } = this.#parts;
    const { pipeline, producer } = this.#options;
    const consequence = `${pipeline} waits until it does not`;
    log.throttled(`refused ${topic}`, `Topic ${topic} refuses a part of a transaction: ${reason}. ${consequence}`);
    await env.sleep(producer.backoffMaxMs, this.#signal);
    session.stop();
    this.#onBroken();
  }

  #warnOfTopic(): void {
    const topic = this.#options.positionsTopic;
    this.#parts.log.warn(
      `Topic ${topic} is not only compacted: positions of logs that stay quiet for its retention are deleted, and what is read again ` +
        "after a restart arrives twice. Set its cleanup.policy to compact",
    );
  }

  async #commit(session: TransactionSession, positions: PositionChanges): Promise<void> {
    const topic = this.#options.positionsTopic;
    for (const batch of this.#committed.batchesOf(positions)) {
      const outcome = await session.send(topic, batch, this.#committed.partition);
      if (outcome.kind === "undeliverable") await this.waitFor(session, topic, outcome.reason);
      if (outcome.kind !== "acknowledged") throw new TransactionBroken("positions were not delivered");
    }
    await session.commit();
  }

  /** Does something in a new session. */
  async #unlessBroken<Result>(action: (session: TransactionSession) => Promise<Result>): Promise<Result | undefined> {
    this.#session.stop();
    this.#session = this.#make();
    try {
      return await action(this.#session);
    } catch (error) {
      if (!(error instanceof TransactionBroken)) throw error;
      this.#session.stop();
      await this.#parts.env.sleep(this.#options.producer.backoffInitMs, this.#signal);
      return undefined;
    }
  }

  #make(): TransactionSession {
    const { connect, env, log } = this.#parts;
    return new TransactionSession(connect(), this.#options, env, log, this.#onBroken);
  }
}
