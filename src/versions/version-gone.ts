import { SkerryError } from "../errors/skerry-error.ts";

/** A version was deleted while something still wanted its code. */
export class VersionGone extends SkerryError {
  constructor(id: string) {
    super("VERSION_GONE", `version ${id} is not in the store any more`);
  }
}
