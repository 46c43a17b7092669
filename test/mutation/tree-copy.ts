import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A copy of the project's files as they are now, in which one may be changed at a time. */
export class TreeCopy implements Disposable {
  readonly folder: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "skerry-mutants-"));
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    for (const file of listed.toString().split("\0")) {
      if (file === "" || file === "node_modules") continue;
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(file, join(this.folder, file));
    }
    symlinkSync(join(process.cwd(), "node_modules"), join(this.folder, "node_modules"));
  }

  /** Changes a file. @returns puts it back */
  change(file: string, find: string, instead: string): () => void {
    const path = join(this.folder, file);
    const before = readFileSync(path, "utf8");
    writeFileSync(
      path,
      before.replace(find, () => instead),
    );
    return () => writeFileSync(path, before);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
