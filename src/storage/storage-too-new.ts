import { SkerryError } from "../errors/skerry-error.ts";

/** The data folder was written by a newer Skerry, whose tables this one does not know. */
export class StorageTooNew extends SkerryError {
  constructor(path: string, found: number, known: number) {
    super(
      "STORAGE_TOO_NEW",
      `${path} has schema version ${found}, but this Skerry knows versions up to ${known}. Use the newer Skerry, or another data folder.`,
    );
  }
}
