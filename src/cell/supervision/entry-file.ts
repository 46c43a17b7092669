import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EntryTable, readEntryTable, TABLE_BYTES } from "./entry-table.ts";

/** Memory first: nothing of it has to be on a disk. */
const FOLDERS = ["/dev/shm", tmpdir()];

/** The host's side of the file in which one child writes its entries. It has no name, and goes with the last descriptor. */
export class EntryFile {
  /** Descriptor that the child inherits. */
  readonly fd: number;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /** Undefined where no such file can be made; the child then tells of its entries in frames. */
  static open(): EntryFile | undefined {
    for (const folder of FOLDERS) {
      const path = join(folder, `skerry-${randomBytes(12).toString("hex")}`);
      try {
        const fd = openSync(path, "wx+", 0o600);
        unlinkSync(path);
        return new EntryFile(fd);
      } catch {
        // The next folder may do.
      }
    }
    return undefined;
  }

  read(): EntryTable {
    return readEntryFile(this.fd);
  }

  close(): void {
    closeSync(this.fd);
  }
}

const buffer = Buffer.alloc(TABLE_BYTES);

/** Reads the table in a file by its descriptor. */
export function readEntryFile(fd: number): EntryTable {
  buffer.fill(0);
  const length = readSync(fd, buffer, 0, TABLE_BYTES, 0);
  return readEntryTable(buffer.subarray(0, length));
}

/** Whether the file is larger than any table: then it is memory that a child takes where nobody counts it. */
export function isGrown(fd: number): boolean {
  return fstatSync(fd).size > TABLE_BYTES;
}
