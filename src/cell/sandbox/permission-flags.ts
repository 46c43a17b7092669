import type { CellFiles } from "./cell-files.ts";

/** What Node reads of its own process for the runtime's figures. Nothing below leads out of these files. */
const OWN_FIGURES = ["limits", "mountinfo", "oom_score_adj", "stat", "statm", "status"] as const;

/**
 * Node's flags for a cell: its permission model, with leave to read what a cell needs. It holds against JavaScript
 * that got out of its isolate, not against native code.
 *
 * @param closed whether the file system that the process sees has nothing but those files: the folder of its
 *   threads may be read then, which has links to the root
 */
export function permissionFlags(files: CellFiles, closed: boolean): string[] {
  const readable = new Set([...files.files, ...files.links]);
  for (const folder of files.folders.keys()) readable.add(`${folder}/`);
  // Asked for by node-gyp-build, to know the C library.
  readable.add("/etc/alpine-release");
  for (const name of OWN_FIGURES) readable.add(`/proc/self/${name}`);
  if (closed) readable.add("/proc/self/task/");
  return [
    "--permission",
    "--allow-addons",
    "--disable-warning=PERM0001",
    ...[...readable].map((path) => `--allow-fs-read=${path}`),
  ];
}
