/**
 * What a peer's message says, whatever its form.
 *
 * @module
 */
import type { Fields } from "./workload.ts";

/** A message's content. */
export interface Message {
  readonly fields: Fields;
  /** When the record was made, as the message has it: undefined in a form without it, else it must be a number. */
  readonly time: unknown;
}

interface TutorialMessage {
  readonly Time: unknown;
  readonly Contents: readonly { readonly Key: string; readonly Value: string }[];
}

/** The walk-through's form: `{"Time":1,"Contents":[{"Key":"content","Value":"…"}]}`. @throws {SyntaxError} when it is not JSON. */
export function tutorialMessage(text: string): Message {
  const { Time, Contents }: TutorialMessage = JSON.parse(text);
  return { fields: new Map(Contents.map(({ Key, Value }) => [Key, Value])), time: Time ?? null };
}

/**
 * An object with a key for each field, which is shorter than the walk-through's form; `Time` is the record's, and a value that is
 * no text counts as its JSON.
 *
 * @throws {SyntaxError} when it is not JSON.
 */
export function flatMessage(text: string): Message {
  const { Time, ...fields }: Record<string, unknown> = JSON.parse(text);
  const textOf = (value: unknown) => typeof value === "string" ? value : JSON.stringify(value);
  return { fields: new Map(Object.entries(fields).map(([key, value]) => [key, textOf(value)])), time: Time };
}
