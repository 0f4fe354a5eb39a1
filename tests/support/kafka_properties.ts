/**
 * What every test broker's settings have in common: one node that holds little and is soon there again after a kill.
 *
 * @module
 */

/** Lines of server.properties. */
export const SMALL_BROKER: Readonly<Record<string, string>> = {
  // A killed broker may register again only after its last session ended.
  "broker.session.timeout.ms": "1000",
  "broker.heartbeat.interval.ms": "200",
  "offsets.topic.replication.factor": "1",
  "offsets.topic.num.partitions": "1",
  "transaction.state.log.replication.factor": "1",
  "transaction.state.log.min.isr": "1",
  "transaction.state.log.num.partitions": "1",
  "share.coordinator.state.topic.replication.factor": "1",
  "share.coordinator.state.topic.min.isr": "1",
  "group.initial.rebalance.delay.ms": "0",
  "log.cleaner.dedupe.buffer.size": "4194304",
};

/** Warnings and errors go to standard output. */
export const LOG4J2 = `Configuration:
  status: "error"
  Appenders:
    Console:
      name: STDOUT
      PatternLayout: { pattern: "%d %p %m (%c)%n" }
  Loggers:
    Root:
      level: WARN
      AppenderRef: { ref: STDOUT }
`;
