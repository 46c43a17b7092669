import { arrayPush } from "../primordials/array.ts";
import { objectCreate } from "../primordials/object.ts";

/** Names with their values; a name that comes again has a list of them, as the console shows them. */
export class Pairs {
  readonly byName: Record<string, unknown> = objectCreate(null) as Record<string, unknown>;
  readonly #lists: Record<string, unknown[]> = objectCreate(null) as Record<string, unknown[]>;

  add(name: string, value: unknown): void {
    const list = this.#lists[name];
    if (list !== undefined) {
      arrayPush(list, value);
      this.byName[name] = list;
    } else {
      this.#lists[name] = [value];
      this.byName[name] = value;
    }
  }
}
