/**
 * Protocol buffers without the parser of .proto files, at the version that grpc-js brings.
 *
 * @module
 */
export * from "npm:protobufjs@7.6.6/light.js";
export { default } from "npm:protobufjs@7.6.6/light.js";
