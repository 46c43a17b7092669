/** A scope of a module's code, as far as names that the module imports are concerned. */
export class Scope {
  readonly parent: Scope | undefined;
  /** The scope to which `var` belongs from here. */
  readonly variables: Scope;
  /** Whether code here runs when its function is called, not when the module is evaluated. */
  readonly inFunction: boolean;
  /** Whether `arguments` here belongs to a function of the module's. */
  readonly ownArguments: boolean;
  #declared: Set<string> | undefined;

  private constructor(
    parent: Scope | undefined,
    isVariables: boolean,
    inFunction: boolean,
    ownArguments: boolean,
  ) {
    this.parent = parent;
    this.variables = isVariables || parent === undefined ? this : parent.variables;
    this.inFunction = inFunction;
    this.ownArguments = ownArguments;
  }

  static module(): Scope {
    return new Scope(undefined, true, false, false);
  }

  block(): Scope {
    return new Scope(this, false, this.inFunction, this.ownArguments);
  }

  /** @param isArrow arrow functions have no `arguments` */
  function(isArrow: boolean): Scope {
    return new Scope(this, true, true, !isArrow || this.ownArguments);
  }

  declare(name: string): void {
    this.#declared ??= new Set();
    this.#declared.add(name);
  }

  /** Whether the name means something else here than on the module's top level. */
  shadows(name: string): boolean {
    if (this.parent === undefined) return false;
    return this.#declared?.has(name) === true || this.parent.shadows(name);
  }
}
