/**
 * What gzip has made, undone while the caller waits.
 *
 * @module
 */
export * from "npm:pako@3.0.3";
