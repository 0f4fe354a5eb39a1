/**
 * The agent's own log.
 *
 * @module
 */
export * from "npm:@logtape/logtape@2.4.2";
