import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cellFiles } from "../../../src/cell/sandbox/cell-files.ts";
import { enclosures } from "../../../src/cell/sandbox/enclosure.ts";
import { imageForOthers } from "../../../src/cell/sandbox/image-for-others.ts";
import { findSystemTools } from "../../../src/cell/sandbox/system-tools.ts";

const { setpriv } = findSystemTools();
const READ = `process.stdout.write(require("node:fs").readFileSync(process.argv[1], "utf8"))`;

/** Reads a file as a cell does that has no file system of its own, where it has a user of its own. */
function readAsCell(path: string): string {
  const files = cellFiles([path]);
  const parts = { libraries: { files: [], folders: [] }, base: tmpdir() };
  const [plain] = enclosures({ ...parts, files, tools: setpriv === undefined ? {} : { setpriv } });
  const [program = "", ...args] = plain!.command(["--no-node-snapshot", "-e", READ, path]);
  return execFileSync(program, args, { encoding: "utf8", cwd: "/", env: {}, stdio: "pipe" });
}

test("imageForOthers makes a copy that cells with a user of their own can read, and none can write", () => {
  const own = mkdtempSync(join(tmpdir(), "skerry-own-"));
  try {
    chmodSync(own, 0o700);
    const image = join(own, "image.bin");
    writeFileSync(image, "the image", { mode: 0o600 });
    const changesUser = process.platform === "linux" && process.geteuid?.() === 0 && setpriv !== undefined;
    if (changesUser) assert.throws(() => readAsCell(image), /EACCES/);
    const copy = imageForOthers(image);
    assert.is(readAsCell(copy), "the image");
    assert.is(statSync(copy).mode & 0o777, 0o644);
    assert.is(statSync(join(copy, "..")).mode & 0o777, 0o755);
    assert.is(readFileSync(image, "utf8"), "the image");
  } finally {
    rmSync(own, { recursive: true });
  }
});

test("imageForOthers leaves nothing behind when the process ends", () => {
  const file = new URL("../../../src/cell/sandbox/image-for-others.ts", import.meta.url).pathname;
  const script = `import(${JSON.stringify(file)}).then((m) => process.stdout.write(m.imageForOthers(process.execPath)))`;
  const copy = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" });
  assert.match(copy, /skerry-image-/);
  assert.not.ok(existsSync(copy));
});

test.run();
