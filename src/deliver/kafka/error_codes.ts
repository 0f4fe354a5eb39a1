/**
 * What each error code of a broker means to a producer that must lose nothing: the one decision table of delivery.
 * Codes and names: https://kafka.apache.org/protocol.html#protocol_error_codes. The verdicts are those of Kafka's own
 * idempotent producer, except that we never give up on what may succeed later.
 *
 * @module
 */

/**
 * What to do about an answer:
 * - `acknowledged`: the broker has the batch.
 * - `retry`: send it again later, unchanged, to whoever leads the partition by then.
 * - `outOfOrder`: an earlier batch is missing. Send all again in order; if there is none earlier, as `renumber`.
 * - `renumber`: the broker forgot or refuses our identity. Take a new one, number everything anew.
 * - `suspect`: the broker finds the bytes damaged. Worth some retries, not all.
 * - `undeliverable`: it can never succeed.
 */
export type Verdict = "acknowledged" | "retry" | "outOfOrder" | "renumber" | "suspect" | "undeliverable";

/** One code's name in the protocol, what follows from it, and where the user can help, how. */
export interface ErrorCode {
  readonly name: string;
  readonly verdict: Verdict;
  /** What the user can do about it; empty where nothing but waiting helps. */
  readonly remedy: string;
}

const SIZE_REMEDY = "lower MaxMessageBytes of the flusher, or raise max.message.bytes of the topic";
const CREATE_REMEDY = "create it, or set auto.create.topics.enable on the brokers";

const table: readonly (readonly [code: number, name: string, verdict: Verdict, remedy?: string])[] = [
  [0, "NONE", "acknowledged"],
  [46, "DUPLICATE_SEQUENCE_NUMBER", "acknowledged"],

  [3, "UNKNOWN_TOPIC_OR_PARTITION", "retry", CREATE_REMEDY],
  [5, "LEADER_NOT_AVAILABLE", "retry"],
  [6, "NOT_LEADER_OR_FOLLOWER", "retry"],
  [8, "BROKER_NOT_AVAILABLE", "retry"],
  [9, "REPLICA_NOT_AVAILABLE", "retry"],
  [13, "NETWORK_EXCEPTION", "retry"],
  [56, "KAFKA_STORAGE_ERROR", "retry", "look at the broker's disks"],
  [72, "LISTENER_NOT_FOUND", "retry"],
  [74, "FENCED_LEADER_EPOCH", "retry"],
  [75, "UNKNOWN_LEADER_EPOCH", "retry"],
  [100, "UNKNOWN_TOPIC_ID", "retry"],

  [-1, "UNKNOWN_SERVER_ERROR", "retry", "look at the broker's log"],
  [7, "REQUEST_TIMED_OUT", "retry", "see whether the topic's replicas keep up"],
  [14, "COORDINATOR_LOAD_IN_PROGRESS", "retry"],
  [15, "COORDINATOR_NOT_AVAILABLE", "retry"],
  [
    19,
    "NOT_ENOUGH_REPLICAS",
    "retry",
    "fewer replicas are in sync than min.insync.replicas: start the missing brokers",
  ],
  [20, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", "retry", "fewer replicas are in sync than min.insync.replicas"],
  [29, "TOPIC_AUTHORIZATION_FAILED", "retry", "allow this user to WRITE to and DESCRIBE the topic"],
  [31, "CLUSTER_AUTHORIZATION_FAILED", "retry", "allow this user IDEMPOTENT_WRITE on the cluster"],
  [16, "NOT_COORDINATOR", "retry"],
  [50, "INVALID_TRANSACTION_TIMEOUT", "retry", "lower TransactionTimeout to transaction.max.timeout.ms of the brokers"],
  [51, "CONCURRENT_TRANSACTIONS", "retry"],
  [53, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "retry", "allow this user to WRITE and DESCRIBE the transactional id"],
  [55, "OPERATION_NOT_ATTEMPTED", "retry"],
  [89, "THROTTLING_QUOTA_EXCEEDED", "retry", "raise this client's quota"],

  [45, "OUT_OF_ORDER_SEQUENCE_NUMBER", "outOfOrder"],

  [47, "INVALID_PRODUCER_EPOCH", "renumber"],
  [48, "INVALID_TXN_STATE", "renumber"],
  [49, "INVALID_PRODUCER_ID_MAPPING", "renumber"],
  [59, "UNKNOWN_PRODUCER_ID", "renumber"],
  [90, "PRODUCER_FENCED", "renumber"],

  [2, "CORRUPT_MESSAGE", "suspect", "look for faulty memory or network hardware"],

  [10, "MESSAGE_TOO_LARGE", "undeliverable", SIZE_REMEDY],
  [17, "INVALID_TOPIC_EXCEPTION", "undeliverable", "use letters, digits, '.', '_' and '-', at most 249 of them"],
  [18, "RECORD_LIST_TOO_LARGE", "undeliverable", SIZE_REMEDY],
  [21, "INVALID_REQUIRED_ACKS", "undeliverable"],
  [32, "INVALID_TIMESTAMP", "undeliverable", "widen message.timestamp.before.max.ms and after.max.ms of the topic"],
  [35, "UNSUPPORTED_VERSION", "undeliverable", "use Kafka 2.1 or newer"],
  [42, "INVALID_REQUEST", "undeliverable"],
  [43, "UNSUPPORTED_FOR_MESSAGE_FORMAT", "undeliverable", "set the topic's message.format.version to 0.11 or newer"],
  [44, "POLICY_VIOLATION", "undeliverable", "ask for the broker's policy"],
  [76, "UNSUPPORTED_COMPRESSION_TYPE", "undeliverable", "choose another Compression"],
  [87, "INVALID_RECORD", "undeliverable", "a compacted topic needs keys; else look at the broker's log"],
];

const byCode: ReadonlyMap<number, ErrorCode> = new Map(
  table.map(([code, name, verdict, remedy]) => [code, { name, verdict, remedy: remedy ?? "" }]),
);

/** The code of a topic or partition that the brokers do not have. */
export const UNKNOWN_TOPIC_OR_PARTITION = 3;
/** The code by which a broker says that it has the batch already, but not where. */
export const DUPLICATE_SEQUENCE_NUMBER = 46;

/** Looks a code up; one that a newer broker brings is worth retrying, since records must not be lost. */
export function errorCode(code: number): ErrorCode {
  return byCode.get(code) ?? { name: `error ${code}`, verdict: "retry", remedy: "look at the broker's log" };
}

/** One sentence's worth of an error: its name and, in brackets, what can be done. */
export function describeErrorCode(code: number): string {
  const { name, remedy } = errorCode(code);
  return remedy === "" ? name : `${name} (${remedy})`;
}

/** Whether the broker refused a batch for its size (MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE): parts of it may be taken. */
export function isTooLarge(code: number): boolean {
  return code === 10 || code === 18;
}
