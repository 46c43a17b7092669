import { foldersToMake, type VisibleRoot } from "./visible-root.ts";

/**
 * Makes the file system of a cell in the namespaces that `unshare` made: an empty one in memory, with what the cell
 * needs mounted into it, and `/proc` of its own processes. It becomes the root by `chroot`: a process without
 * capabilities has no way out of that, and the kernel makes no new user namespace for one in it.
 */
const ENTER = `set -f; IFS='
'
base=$1 chroot=$2 folders=$3 files=$4 table=$5; shift 5
mount -t tmpfs -o mode=0755,nosuid,nodev,noexec,size=1m cell "$base" &&
cd "$base" && mkdir -p $folders ./proc && touch $files &&
printf '%s\\n' "$table" > .table && mount -a -T .table && rm .table &&
{ mount -t proc -o subset=pid,nosuid,nodev,noexec proc ./proc 2>/dev/null || mount -t proc -o nosuid,nodev,noexec proc ./proc; } &&
mount -o remount,bind,ro,nosuid,nodev,noexec "$base" && exec env -i "$chroot" "$base" "$@"
exit 125`;

export interface NamespaceOptions {
  /** Absolute path of `sh`, and of `chroot`. */
  readonly sh: string;
  readonly chroot: string;
  /** An empty folder, over which the file system is mounted where only the cell sees it. */
  readonly base: string;
  readonly root: VisibleRoot;
  /** Whether there is a user namespace as well, in which the user may mount. */
  readonly user: boolean;
}

/** Arguments of `unshare` (util-linux) for a cell. */
export function namespaceArgs(options: NamespaceOptions, command: readonly string[]): string[] {
  const { sh, chroot, base, root, user } = options;
  const binds = [...root.folders, ...root.files].map(
    ([path, source]) => `${escaped(source)} ${escaped(base + path)} none bind,ro,nosuid,nodev 0 0`,
  );
  return [
    ...(user ? ["--user", "--map-root-user"] : []),
    "--mount",
    "--net",
    "--ipc",
    "--uts",
    "--pid",
    "--fork",
    "--kill-child=SIGKILL",
    "--",
    sh,
    "-c",
    ENTER,
    "sh",
    base,
    chroot,
    lines(foldersToMake(root)),
    lines(root.files.keys()),
    binds.join("\n"),
    ...command,
  ];
}

/** Paths below the new root, a line each. */
function lines(paths: Iterable<string>): string {
  return [...paths].map((path) => `.${path}`).join("\n");
}

/** A path as a table of mounts has it. */
function escaped(path: string): string {
  return path.replace(/[\s\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
