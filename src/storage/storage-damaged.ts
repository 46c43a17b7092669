import { SkerryError } from "../errors/skerry-error.ts";

/** A database file is not what it should be. Other files are not touched by it. */
export class StorageDamaged extends SkerryError {
  readonly path: string;

  constructor(path: string, finding: string, options?: ErrorOptions) {
    super(
      "STORAGE_DAMAGED",
      `${path} is damaged: ${finding}. Restore it from a backup, or move it away to begin with an empty one.`,
      options,
    );
    this.path = path;
  }
}
