/**
 * Options and what comes from outside, declared once.
 *
 * @module
 */
export * from "npm:zod@4.6.7";
