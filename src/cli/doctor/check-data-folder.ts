import { accessSync, constants, existsSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SkerryError } from "../../errors/skerry-error.ts";
import { FolderLock } from "../../storage/folder-lock.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";

const GIB = 1024 ** 3;
const LEAST_FREE_BYTES = 1 * GIB;
/** File systems as Linux numbers them. */
const KINDS: ReadonlyMap<number, string> = new Map([
  [0xef53, "ext4"],
  [0x5846_5342, "xfs"],
  [0x9123_683e, "btrfs"],
  [0x2fc1_2fc1, "zfs"],
  [0x794c_7630, "overlay"],
  [0x0102_1994, "tmpfs"],
  [0x6969, "nfs"],
  [0xfe53_4d42, "smb"],
  [0xff53_4d42, "cifs"],
  [0x0102_1997, "9p"],
  [0x6573_5546, "fuse"],
]);
const ON_OTHER_MACHINES = new Set(["nfs", "smb", "cifs", "9p", "fuse"]);
const SHORT_LIVED = new Set(["tmpfs", "overlay"]);

/** What the folder is good for that a host would keep its data in. It is not made, where it is missing. */
export function checkDataFolder(path: string): Finding[] {
  const folder = resolve(path);
  const writable = checkWritable(folder);
  if (writable.state === "fail") return [writable];
  const place = nearest(folder);
  return [
    writable,
    ...(place === folder ? [checkLock(folder)] : []),
    checkSpace(place),
    ...checkFileSystem(place),
  ];
}

function checkWritable(folder: string): Finding {
  const place = nearest(folder);
  try {
    if (place === folder) {
      const file = join(folder, `.doctor-${process.pid}`);
      writeFileSync(file, "");
      rmSync(file);
      return ok("data folder", folder);
    }
    accessSync(place, constants.W_OK | constants.X_OK);
    return ok("data folder", `${folder}, which will be made`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail(
      "data folder",
      `${folder} cannot be written (${code})`,
      "give it to this user, or take another",
    );
  }
}

function checkLock(folder: string): Finding {
  if (!existsSync(join(folder, "lock.db"))) return ok("lock", "nobody has the folder open");
  try {
    new FolderLock(folder).release();
    return ok("lock", "nobody has the folder open");
  } catch (error) {
    if (!(error instanceof SkerryError)) throw error;
    return warn(
      "lock",
      error.message,
      "nothing, if that host is meant to run; a second one needs another folder",
    );
  }
}

function checkSpace(place: string): Finding {
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const detail = `${(free / GIB).toFixed(1)} GB free`;
  return free >= LEAST_FREE_BYTES
    ? ok("disk space", detail)
    : warn("disk space", detail, "make room: writes are refused when the disk is full");
}

function checkFileSystem(place: string): Finding[] {
  if (process.platform !== "linux") return [];
  const { type } = statfsSync(place);
  const kind = KINDS.get(type) ?? `type 0x${type.toString(16)}`;
  if (ON_OTHER_MACHINES.has(kind))
    return [
      warn("file system", kind, "keep SQLite's files on a disk of this machine: locks over a network fail"),
    ];
  if (SHORT_LIVED.has(kind))
    return [
      warn("file system", kind, "keep the data on a disk: this goes with the machine or the container"),
    ];
  return [ok("file system", kind)];
}

/** The folder, or the nearest above it that is there. */
function nearest(folder: string): string {
  let place = folder;
  while (!existsSync(place) && place !== dirname(place)) place = dirname(place);
  return place;
}
