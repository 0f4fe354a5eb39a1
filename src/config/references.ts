/**
 * References to the environment: `${NAME}` and `${NAME:default}` in a value become what the variable holds, `$$` becomes `$` and `$}`
 * becomes `}`. Works on parsed values, so that what a variable holds is never read as YAML, and places stay right. Keys are
 * left alone, and so are values without a reference: `^(\d+)$` and `$$` mean what they say.
 * Differs on purpose: the original does this only where its flag `enable_env_ref_in_config` is set, and then unescapes all values.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/config/CollectionConfig.cpp
 *
 * @module
 */
import { joinPath, type Place, type TextTree, type Tree } from "./tree.ts";

/** @returns what a variable of the environment holds; undefined where it is not set. */
export type VariableLookup = (name: string) => string | undefined;

/** A reference to a variable that is not set and has no default. */
export interface UnsetReference {
  readonly name: string;
  readonly place: Place;
  /** Where in the tree: `flushers[0].Topic`. */
  readonly path: string;
}

/** A tree without references, and those that came to nothing. */
export interface ExpandedTree {
  readonly tree: Tree;
  readonly unset: readonly UnsetReference[];
}

/** A name has a letter or an underscore: `${1}` is a group of a regular expression. */
const REFERENCE = /\$\{(?=\d*[A-Za-z_])(\w+)(?::(.*?))?(?<!\$)\}/s;
const ESCAPE_OR_REFERENCE = new RegExp(`\\$[$}]|${REFERENCE.source}`, "gs");

/** Options whose text has references of its own: `ReplaceString` names groups as `${name}`. */
const OPTIONS_LEFT_ALONE: readonly string[] = ["replacestring"];

/** Puts what the environment holds in place of the references in all values of a tree. */
export function expandReferences(tree: Tree, tryVariable: VariableLookup): ExpandedTree {
  const expansion = new Expansion(tryVariable);
  return { tree: expansion.expand(tree, []), unset: expansion.unset };
}

/** One walk through a tree. */
class Expansion {
  readonly unset: UnsetReference[] = [];
  readonly #tryVariable: VariableLookup;

  constructor(tryVariable: VariableLookup) {
    this.#tryVariable = tryVariable;
  }

  expand(tree: Tree, path: readonly PropertyKey[]): Tree {
    if (tree.kind === "text") return this.#expandText(tree, path);
    if (tree.kind === "list") {
      return { ...tree, items: tree.items.map((item, index) => this.expand(item, [...path, index])) };
    }
    const entries = tree.entries.map((entry) => {
      const isLeftAlone = OPTIONS_LEFT_ALONE.includes(entry.key.toLowerCase());
      return isLeftAlone ? entry : { ...entry, value: this.expand(entry.value, [...path, entry.key]) };
    });
    return { ...tree, entries };
  }

  /** What came from a variable is text, whatever it looks like: it never counts as not given. */
  #expandText(tree: TextTree, path: readonly PropertyKey[]): TextTree {
    if (!REFERENCE.test(tree.text)) return tree;
    const text = tree.text.replaceAll(ESCAPE_OR_REFERENCE, (written: string, name?: string, otherwise?: string) => {
      if (name === undefined) return written.slice(1);
      const value = this.#tryVariable(name) ?? otherwise?.replaceAll(/\$([$}])/g, "$1");
      if (value === undefined) this.unset.push({ name, place: tree.place, path: joinPath("", path) });
      return value ?? "";
    });
    return { ...tree, text, isPlain: false };
  }
}
