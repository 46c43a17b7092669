import { ErrorOf } from "../primordials/errors.ts";
import { withPristine } from "./pristine.ts";

/**
 * A part of the runtime inside the image whose code is evaluated when it is first needed. The file that others
 * import has the part's face and one of these; the file with the code calls `provide` when it is evaluated, so
 * tests import that file, and the image says with `loadBy` how to evaluate it.
 */
export class LatePart<T> {
  readonly #name: string;
  #part: T | undefined;
  #load: (() => void) | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Hands the part over. */
  provide(part: T): void {
    this.#part = part;
  }

  /** Says how to evaluate the part's code. */
  loadBy(load: () => void): void {
    this.#load = load;
  }

  /** The part if it was evaluated. Where it was not, nothing can be of its classes. */
  peek(): T | undefined {
    return this.#part;
  }

  /**
   * The part, evaluated now if it was not.
   * @throws Error where nobody has said how
   */
  get(): T {
    if (this.#part === undefined) {
      if (this.#load !== undefined) withPristine(this.#load);
      if (this.#part === undefined) throw new ErrorOf(`${this.#name}: their code was not evaluated`);
    }
    return this.#part;
  }
}
