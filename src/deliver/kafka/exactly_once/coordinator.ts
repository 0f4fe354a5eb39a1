/**
 * The broker that keeps a transactional id's transactions: finds it, asks it, and asks again for as long as the answer may still become
 * another. What it says for good is thrown as `TransactionBroken`: only the next epoch helps then.
 *
 * @module
 */
import type { RequestChannel } from "../broker_connection.ts";
import { BrokerError } from "../broker_error.ts";
import type { BrokerDirectory } from "../cluster.ts";
import { describeErrorCode } from "../error_codes.ts";
import {
  initTransactionsRequest,
  parseInitProducerIdAnswer,
  type ProducerIdentity,
} from "../init_producer_id_request.ts";
import type { KafkaRequest } from "../request.ts";
import { type RetryContext, TransactionBroken, untilDone } from "./until_done.ts";
import {
  addPartitionsRequest,
  endTransactionRequest,
  findCoordinatorRequest,
  parseAddPartitionsAnswer,
  parseEndTransactionAnswer,
  parseFindCoordinatorAnswer,
  type TopicPartition,
  type TransactionActor,
} from "./transaction_requests.ts";

const CONCURRENT_TRANSACTIONS = 51;
/** The marks of the transaction before are being written: that takes milliseconds, unless a leader is missing. */
const CONCURRENT_PAUSE_MS = 3;
const CONCURRENT_PAUSE_MS_MAX = 100;
/**
 * INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE, INVALID_PRODUCER_ID_MAPPING, UNKNOWN_PRODUCER_ID, PRODUCER_FENCED, TRANSACTION_ABORTABLE: the
 * transaction is over, because it took too long or somebody else has the next epoch.
 */
const BROKEN_CODES: ReadonlySet<number> = new Set([47, 48, 49, 59, 90, 120]);

/** How a transactional id is used. */
export interface TransactionalId {
  readonly transactionalId: string;
  /** How long a transaction may take before the coordinator aborts it. */
  readonly transactionTimeoutMs: number;
}

/** The error codes of an answer, and what else it says. */
interface Answer<Result> {
  readonly codes: readonly number[];
  readonly result: Result;
}

/** One epoch of a transactional id, once `begin` has resolved. */
export class TransactionCoordinator {
  readonly #cluster: BrokerDirectory;
  readonly #id: TransactionalId;
  readonly #context: RetryContext;
  #nodeId: number | undefined;
  #identity: ProducerIdentity | undefined;

  constructor(cluster: BrokerDirectory, id: TransactionalId, context: RetryContext) {
    this.#cluster = cluster;
    this.#id = id;
    this.#context = context;
  }

  /**
   * Takes the next epoch. When this resolves, what the epoch before has left open is aborted, and what it has committed is there to be
   * read. @throws {TransactionBroken} where another takes the one after it in the same moment.
   */
  async begin(): Promise<ProducerIdentity> {
    const { transactionalId, transactionTimeoutMs } = this.#id;
    const request = initTransactionsRequest(transactionalId, transactionTimeoutMs);
    this.#identity = await this.#persist(request, (payload) => {
      const { errorCode, producerId, epoch } = parseInitProducerIdAnswer(payload);
      return { codes: [errorCode], result: { producerId, epoch } };
    });
    return this.#identity;
  }

  /** Makes partitions part of the transaction, which begins with the first of them. @throws {TransactionBroken} */
  async addPartitions(partitions: readonly TopicPartition[]): Promise<void> {
    const request = addPartitionsRequest(this.#actor, partitions);
    await this.#persist(request, (payload) => ({ codes: parseAddPartitionsAnswer(payload), result: undefined }));
  }

  /**
   * Ends the transaction. A lost answer is not asked for again: the first question might arrive after the second, and end the next
   * transaction. The next epoch knows what came of it.
   *
   * @throws {TransactionBroken}
   */
  async end(isCommitted: boolean): Promise<void> {
    const request = endTransactionRequest(this.#actor, isCommitted);
    const parse = (payload: Uint8Array) => ({ codes: [parseEndTransactionAnswer(payload)], result: undefined });
    await this.#persist(request, parse, (error) => {
      throw new TransactionBroken(`no answer to the end of a transaction: ${error}`);
    });
  }

  get #actor(): TransactionActor {
    return { transactionalId: this.#id.transactionalId, identity: this.#identity! };
  }

  /** Asks until the answer is good. */
  #persist<Result>(
    request: KafkaRequest,
    parse: (payload: Uint8Array) => Answer<Result>,
    onLost: (error: unknown) => void = () => {},
  ): Promise<Result> {
    return untilDone(this.#id.transactionalId, this.#context, async () => {
      for (let pauseMs = CONCURRENT_PAUSE_MS;; pauseMs = Math.min(pauseMs * 1.5, CONCURRENT_PAUSE_MS_MAX)) {
        const { codes, result } = parse(await this.#ask(request, onLost));
        const code = codes.find((one) => BROKEN_CODES.has(one)) ?? codes.find((one) => one !== 0);
        if (code === undefined) return result;
        if (BROKEN_CODES.has(code)) throw new TransactionBroken(describeErrorCode(code));
        if (code !== CONCURRENT_TRANSACTIONS) {
          this.#nodeId = undefined;
          throw new BrokerError(code);
        }
        await this.#context.env.sleep(pauseMs, this.#context.signal);
      }
    });
  }

  async #ask(request: KafkaRequest, onLost: (error: unknown) => void): Promise<Uint8Array> {
    const channel = await this.#channel();
    try {
      return await channel.request(request);
    } catch (error) {
      this.#nodeId = undefined;
      channel.drop("a request to the coordinator failed");
      onLost(error);
      throw error;
    }
  }

  async #channel(): Promise<RequestChannel> {
    this.#nodeId ??= await this.#find();
    try {
      return await this.#cluster.connection(this.#nodeId);
    } catch (error) {
      this.#nodeId = undefined;
      throw error;
    }
  }

  async #find(): Promise<number> {
    const channel = await this.#cluster.connection();
    const answer = await channel.request(findCoordinatorRequest(this.#id.transactionalId));
    const { errorCode, nodeId } = parseFindCoordinatorAnswer(answer);
    if (errorCode !== 0) throw new BrokerError(errorCode);
    return nodeId;
  }
}
