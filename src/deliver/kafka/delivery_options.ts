/**
 * The options that say how often a record is delivered: at least once, or exactly once and what that takes. An addition of ours.
 *
 * @module
 */
import * as z from "zod";
import { type OptionType, scalar } from "../../core/options.ts";
import { tryTopicFault } from "./topic_pattern.ts";

/** Exactly once is for who reads with `isolation.level=read_committed`. */
export const DELIVERY_TYPES = ["at_least_once", "exactly_once"] as const;

const PREFIX_CHARS_MAX = 200;

/** How records are delivered exactly once. */
export interface DeliveryOptions {
  /** What transactional ids begin with; undefined: the host's name tells agents apart. */
  readonly transactionalIdPrefix: string | undefined;
  readonly positionsTopic: string;
  readonly commitIntervalMs: number;
  readonly transactionTimeoutMs: number;
}

/** `TransactionalIDPrefix`: what is different for each agent, and the same for each life of one. */
export function transactionalIdPrefix(): OptionType<string | undefined> {
  return scalar(`a name of 1 to ${PREFIX_CHARS_MAX} characters`, (given) => {
    return given.length > 0 && given.length <= PREFIX_CHARS_MAX ? given : undefined;
  }).optional();
}

/** `PositionsTopic`: where positions are committed. */
export function positionsTopic(): OptionType<string> {
  const schema = scalar("a topic's name", (name) => name).superRefine((name, context) => {
    const fault = tryTopicFault(name);
    if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
  });
  return schema.default("sluice-positions");
}

/** Reports what cannot go together with exactly once. */
export function checkDelivery(
  given: { readonly Delivery: typeof DELIVERY_TYPES[number]; readonly RequiredACKs: number },
  context: z.RefinementCtx,
): void {
  if (given.Delivery !== "exactly_once" || given.RequiredACKs === -1) return;
  const message = "must be -1 (all replicas in sync) where Delivery is exactly_once: a transaction needs them";
  context.addIssue({ code: "custom", path: ["RequiredACKs"], message });
}
