/**
 * Trying again for ever: what a transaction needs of Kafka waits as records do, and the user is told why.
 *
 * @module
 */
import type { Env } from "../../../core/env.ts";
import { backoffMs, type BackoffOptions, FailureStreak } from "../backoff.ts";
import type { FailureReport } from "../failure_report.ts";

/** The epoch can do nothing more; what it had begun is committed already, or will never be. */
export class TransactionBroken extends Error {
  override readonly name = "TransactionBroken";
}

/** What trying again needs. */
export interface RetryContext {
  readonly env: Env;
  readonly backoff: BackoffOptions;
  readonly report: FailureReport;
  /** Ends every attempt: what is waited for then rejects with `TransactionBroken`. */
  readonly signal: AbortSignal;
}

/**
 * @param what is named to the user where it takes long.
 * @returns what `attempt` resolves with at last.
 * @throws {TransactionBroken} where it says so, or delivery stops.
 */
export async function untilDone<Result>(
  what: string,
  { env, backoff, report, signal }: RetryContext,
  attempt: () => Promise<Result>,
): Promise<Result> {
  const failures = new FailureStreak();
  for (;;) {
    if (signal.aborted) throw new TransactionBroken("delivery stops");
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof TransactionBroken) throw error;
      if (signal.aborted) continue;
      if (failures.failed(env.now())) report.waitingForTransactions(what, error);
      await env.sleep(backoffMs(failures.count, backoff, env.random()), signal);
    }
  }
}
