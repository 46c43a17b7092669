import { name, show, type Section } from "../../../src/config/document/config-reader.ts";
import type { ConfigScope } from "../config-scope.ts";

const NAME = /^(?!(?:__proto__|constructor|prototype)$)[A-Za-z_$][\w$]{0,127}$/;

/** Names that stand on `env`: JavaScript names, each once. */
export class BindingNames {
  readonly #scope: ConfigScope;
  readonly #seen = new Map<string, string>();

  constructor(scope: ConfigScope) {
    this.#scope = scope;
  }

  /** Reads the name of a binding from a key, which must be there. The empty text stands for one that is wrong. */
  read(section: Section, key: string): string {
    const { reader } = this.#scope;
    if (!reader.mustHave(section, key, "the name on env")) return "";
    const found = reader.string(section, key, "a JavaScript name", NAME);
    if (found !== undefined) this.claim([...section.path, key], found);
    return found ?? "";
  }

  /** Takes a name that is a key itself. */
  claim(path: readonly (string | number)[], found: string): void {
    const { reader } = this.#scope;
    if (!NAME.test(found))
      reader.problem(path, `${name(path)} is named ${show(found)}; it must be a JavaScript name`);
    const other = this.#seen.get(found);
    if (other !== undefined)
      reader.problem(path, `${name(path)} is the name ${show(found)}, which ${other} has already`);
    else this.#seen.set(found, name(path));
  }
}
