/**
 * Connections to Kafka.
 *
 * @module
 */
export * from "npm:kafkajs@2.2.4";
