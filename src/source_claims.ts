/**
 * Who may read what, where inputs want a source for their pipeline alone: the first pipeline that asks while no other one reads it. The agent
 * asks in the order of precedence.
 *
 * @module
 */
import type { BuiltPipeline } from "./build_pipeline.ts";
import type { Pipeline } from "./pipeline.ts";

/** The claims of all pipelines. */
export class SourceClaims {
  readonly #owners = new Map<string, Pipeline>();

  /**
   * Claims a source.
   *
   * @param isReadBy whether another pipeline has the same file in hand, under whatever name.
   * @returns the pipeline that has it already; undefined when the claim holds.
   */
  tryOtherOwner(key: string, pipeline: Pipeline, isReadBy: (owner: Pipeline) => boolean): Pipeline | undefined {
    const owner = this.#owners.get(key);
    if (owner !== undefined && owner !== pipeline && (isBusyWith(owner, key) || isReadBy(owner))) return owner;
    this.#owners.set(key, pipeline);
    return undefined;
  }

  /** Drops the claims of what nobody reads any more. */
  prune(): void {
    for (const [key, owner] of this.#owners) if (!isBusyWith(owner, key)) this.#owners.delete(key);
  }
}

/** What was read and is still on its way is not free yet. */
function isBusyWith(owner: Pipeline, key: string): boolean {
  return owner.has(key) || owner.ledger.isPending(key);
}

/**
 * The order in which pipelines are asked: the one whose patterns begin deepest comes first, then the one that was made first, as in the
 * original (https://github.com/alibaba/loongcollector/blob/main/core/file_server/ConfigManager.cpp), then by name.
 */
export function byPrecedence(a: BuiltPipeline, b: BuiltPipeline): number {
  return depthOf(b) - depthOf(a) || a.createTime - b.createTime || (a.name < b.name ? -1 : 1);
}

function depthOf({ inputs }: BuiltPipeline): number {
  return Math.max(...inputs.map(({ exclusive }) => exclusive?.baseDepth ?? 0));
}
