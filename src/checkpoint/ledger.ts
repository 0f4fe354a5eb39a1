/**
 * What may be committed: per source, the end of the settled prefix of its tickets. Pure: no files, no clock.
 *
 * @module
 */
import type { Position } from "../core/position.ts";
import { Ticket } from "../core/ticket.ts";

interface Claim {
  readonly safe: Position;
  settled: boolean;
  /** What waits for this claim and all before it. */
  readonly actions: (() => void)[];
}

/** Keeps the order of the tickets of each source. */
export class Ledger {
  readonly #claims = new Map<string, Claim[]>();
  readonly #positions = new Map<string, Position>();
  #changes = 0;
  /** Is called after each change; the one who saves positions sets it. */
  onChange: () => void = () => {};

  /** Grows with every change of a position; equal values mean that nothing changed in between. */
  get changes(): number {
    return this.#changes;
  }

  /** Takes over a position from before. */
  restore(sourceKey: string, position: Position): void {
    this.#positions.set(sourceKey, position);
  }

  /** A source without a position is begun at `position`: a restart before anything of it is settled begins there, too. */
  begin(sourceKey: string, position: Position): void {
    if (this.#positions.has(sourceKey)) return;
    this.#positions.set(sourceKey, position);
    this.#changed();
  }

  /** Issues the next ticket of a source; once it and all before it are settled, the source's position is `safe`. */
  issue(sourceKey: string, safe: Position): Ticket {
    const claim: Claim = { safe, settled: false, actions: [] };
    const claims = this.#claims.get(sourceKey) ?? [];
    claims.push(claim);
    this.#claims.set(sourceKey, claims);
    return new Ticket(() => {
      claim.settled = true;
      this.#advance(sourceKey, claims);
    }, { sourceKey, position: safe });
  }

  /** Calls `action` once everything that was issued for the source until now is settled: at once where nothing is out. */
  whenSettled(sourceKey: string, action: () => void): void {
    const last = this.#claims.get(sourceKey)?.at(-1);
    if (last === undefined) action();
    else last.actions.push(action);
  }

  /** The position from which reading may start again; undefined for a source that was never begun. */
  position(sourceKey: string): Position | undefined {
    return this.#positions.get(sourceKey);
  }

  /** Whether tickets of the source are out. */
  isPending(sourceKey: string): boolean {
    return (this.#claims.get(sourceKey)?.length ?? 0) > 0;
  }

  /** Forgets a source that is gone for good. */
  forget(sourceKey: string): void {
    this.#claims.delete(sourceKey);
    if (this.#positions.delete(sourceKey)) this.#changed();
  }

  /** All positions, for the store. */
  positions(): ReadonlyMap<string, Position> {
    return this.#positions;
  }

  #advance(sourceKey: string, claims: Claim[]): void {
    while (claims.length > 0 && claims[0].settled) {
      // A source that was forgotten meanwhile stays forgotten.
      if (this.#claims.get(sourceKey) === claims) this.#positions.set(sourceKey, claims[0].safe);
      const { actions } = claims.shift()!;
      this.#changed();
      for (const action of actions) action();
    }
  }

  #changed(): void {
    this.#changes++;
    this.onChange();
  }
}
