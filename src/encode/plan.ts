/**
 * A plan says how a message of one form is made of a record's fields, in pieces. It depends on the fields' names only, so that the
 * template of a source and the message of a record that is text are made of the same plan, and are the same bytes.
 *
 * @module
 */

/** A value of a message: that of the record's field with this index, or one that is always the same. */
export type PlanValue = { readonly field: number } | { readonly text: string };

/** One piece of a JSON message: text as it is, a value as a JSON string, the time in whole seconds. */
export type PlanPiece = string | PlanValue | typeof SECONDS;

/** Where the time stands, in whole seconds since the epoch. */
export const SECONDS = { time: "seconds" } as const;

/** Says how a record with fields of these names, in this order, becomes a message. A name may occur twice. */
export type MakePlan<Plan> = (names: readonly string[]) => Plan;

/** Remembers the plan of the last record: the next one has mostly the same fields. */
export class PlanMaker<Plan> {
  readonly #make: MakePlan<Plan>;
  #last: { readonly names: readonly string[]; readonly plan: Plan } | undefined;

  constructor(make: MakePlan<Plan>) {
    this.#make = make;
  }

  /** The plan of a record with these fields. */
  planOf(fields: readonly { readonly name: string }[]): Plan {
    if (this.#last === undefined || !areNamed(fields, this.#last.names)) {
      const names = fields.map(({ name }) => name);
      this.#last = { names, plan: this.#make(names) };
    }
    return this.#last.plan;
  }
}

function areNamed(fields: readonly { readonly name: string }[], names: readonly string[]): boolean {
  return fields.length === names.length && names.every((name, index) => fields[index].name === name);
}
