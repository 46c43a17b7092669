import type { VisibleRoot } from "./visible-root.ts";

/**
 * Arguments of bubblewrap (`bwrap`) for a cell: new namespaces of all kinds, a file system that has `root` alone, no
 * capability, and an end with the host.
 *
 * @param command what runs inside
 */
export function bubblewrapArgs(root: VisibleRoot, command: readonly string[]): string[] {
  const binds = [...root.folders, ...root.files].flatMap(([path, source]) => ["--ro-bind", source, path]);
  return [
    "--unshare-user",
    "--unshare-pid",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    "--die-with-parent",
    // Without it a small process of bubblewrap would stand between, and the cell be its child.
    "--as-pid-1",
    "--cap-drop",
    "ALL",
    ...binds,
    "--proc",
    "/proc",
    "--remount-ro",
    "/",
    "--chdir",
    "/",
    "--",
    ...command,
  ];
}
