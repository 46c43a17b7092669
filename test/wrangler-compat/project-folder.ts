import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder with files, gone at the end of the block that uses it. */
export interface ProjectFolder extends Disposable {
  readonly path: string;
  write(name: string, content: string | Uint8Array): void;
}

/** Makes a folder with the given files. */
export function projectFolder(files: Readonly<Record<string, string | Uint8Array>>): ProjectFolder {
  const path = mkdtempSync(join(tmpdir(), "skerry-project-"));
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return { path, write, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
