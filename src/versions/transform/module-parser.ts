import { Parser } from "acorn";

/** A list of names as acorn keeps them for each scope, but found by hash and not by search. */
class NameList {
  readonly #names = new Set<string>();
  /** The first name: acorn asks for the parameter of a `catch`. */
  0: string | undefined = undefined;

  push(name: string): void {
    this[0] ??= name;
    this.#names.add(name);
  }

  /** 0 if the name is there, else -1. */
  indexOf(name: string): number {
    return this.#names.has(name) ? 0 : -1;
  }
}

/** The part of acorn's parser, of the version that package.json pins, which is replaced. */
interface Inner {
  enterScope(flags: number): void;
  currentScope(): { var: unknown; lexical: unknown; functions: unknown };
}
const Base = Parser as unknown as new (...args: unknown[]) => Inner;

/**
 * acorn compares each declared name with all others of its scope, which takes minutes for a bundle
 * that declares some 100,000; here the time is linear.
 */
class LinearScopeParser extends Base {
  override enterScope(flags: number): void {
    super.enterScope(flags);
    const scope = this.currentScope();
    scope.var = new NameList();
    scope.lexical = new NameList();
    scope.functions = new NameList();
  }
}

/** acorn's parser, fit for large bundles. */
export const ModuleParser: typeof Parser = LinearScopeParser as unknown as typeof Parser;
