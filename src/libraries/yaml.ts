/**
 * YAML with the position of every node.
 *
 * @module
 */
export * from "npm:yaml@2.9.1";
