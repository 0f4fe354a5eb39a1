/**
 * gRPC over unix sockets, for the container runtime's CRI.
 *
 * @module
 */
export * from "npm:@grpc/grpc-js@1.14.7";
