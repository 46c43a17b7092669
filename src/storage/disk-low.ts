import { SkerryError } from "../errors/skerry-error.ts";

/** The disk of the data folder has less free space than the operator keeps. Nothing was written. */
export class DiskLow extends SkerryError {
  constructor() {
    super(
      "DISK_LOW",
      'the disk of the data folder has less free space than "storage.minFreeBytes" keeps; nothing more can be stored until there is room',
    );
  }
}
