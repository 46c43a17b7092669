import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Files that are looked at; what lies beyond is not noticed. */
const MOST_FILES = 20_000;

/** What the files in folders are like: equal texts mean that none of them was written in between. */
export function folderSnapshot(folders: readonly string[]): string {
  const lines: string[] = [];
  const waiting = [...folders];
  for (
    let folder = waiting.pop();
    folder !== undefined && lines.length < MOST_FILES;
    folder = waiting.pop()
  ) {
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory() && entry.name !== "node_modules") waiting.push(path);
        if (!entry.isFile()) continue;
        const { mtimeMs, size } = statSync(path);
        lines.push(`${path} ${mtimeMs} ${size}`);
      }
    } catch {
      // Not readable, or gone: it is no part of what is there.
    }
  }
  return lines.sort().join("\n");
}
