import { readdirSync, watch, type FSWatcher } from "node:fs";
import { dirname, join, sep } from "node:path";

/** Folders of one project that are looked at; a larger tree is watched only where its worker's files are. */
const MAX_FOLDERS = 1_000;
/** Editors save in several steps. */
const DEBOUNCE_MS = 60;

/** Tells when files of a project change: those of its folder, and those that went into its worker. */
export class FileWatcher implements Disposable {
  readonly #root: string;
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;

  constructor(root: string, onChange: () => void) {
    this.#root = root;
    this.#onChange = onChange;
    this.watch([]);
  }

  /** Watches the folders of `files` as well, and folders that are new since. */
  watch(files: readonly string[]): void {
    const wanted = new Set([
      ...projectFolders(this.#root),
      ...files.filter(isOwn).map((file) => dirname(file)),
    ]);
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (!this.#watchers.has(folder)) this.#open(folder);
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #open(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name !== null && (name.startsWith(".") || name.endsWith("~") || name === "node_modules")) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(this.#onChange, DEBOUNCE_MS);
      });
      // A folder that is removed ends its watcher; the next reload finds out what is left.
      watcher.on("error", () => this.#watchers.delete(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // The folder went away in between.
    }
  }
}

function isOwn(file: string): boolean {
  return !file.includes(`${sep}node_modules${sep}`);
}

function projectFolders(root: string): readonly string[] {
  const folders = [root];
  for (let index = 0; index < folders.length && folders.length < MAX_FOLDERS; index++) {
    const folder = folders[index] ?? root;
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (!entry.isDirectory() || entry.name.startsWith(".") || entry.name === "node_modules") continue;
        folders.push(join(folder, entry.name));
      }
    } catch {
      // Not readable, or gone: nothing in it can be watched.
    }
  }
  return folders;
}
