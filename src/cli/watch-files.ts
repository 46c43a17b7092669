import { readdirSync, watch, type FSWatcher } from "node:fs";
import { dirname, join, sep } from "node:path";

/** Folders of one project that are looked at; a larger tree is watched only where its worker's files are. */
const MAX_FOLDERS = 1_000;
/** Editors save in several steps. */
const DEBOUNCE_MS = 60;

/** Tells when files of a project change: those of its folder, and those that went into its worker. */
export class FileWatcher implements Disposable {
  readonly #root: string;
  readonly #onChange: (changed: ReadonlySet<string>) => void;
  /** Files that count though their names begin with a dot. */
  #files: ReadonlySet<string> = new Set();
  #changed = new Set<string>();
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;

  /** @param onChange Called with the absolute paths that changed, when no more did for a moment. */
  constructor(root: string, onChange: (changed: ReadonlySet<string>) => void) {
    this.#root = root;
    this.#onChange = onChange;
    this.watch([]);
  }

  /**
   * Watches the folders of `files` as well, and folders that are new since.
   * @param folders Further folders, with all that is in them.
   */
  watch(files: readonly string[], folders: readonly string[] = []): void {
    this.#files = new Set(files);
    const wanted = new Set([
      ...[this.#root, ...folders].flatMap(projectFolders),
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

  readonly #tell = (): void => {
    const changed = this.#changed;
    this.#changed = new Set();
    this.#onChange(changed);
  };

  #open(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        const path = name === null ? folder : join(folder, name);
        if (name !== null && isNoise(name) && !this.#files.has(path)) return;
        this.#changed.add(path);
        clearTimeout(this.#timer);
        this.#timer = setTimeout(this.#tell, DEBOUNCE_MS);
      });
      // A folder that is removed ends its watcher; the next reload finds out what is left.
      watcher.on("error", () => this.#watchers.delete(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // The folder went away in between.
    }
  }
}

function isNoise(name: string): boolean {
  return name.startsWith(".") || name.endsWith("~") || name === "node_modules";
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
