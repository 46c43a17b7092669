import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cellFiles } from "../../../src/cell/sandbox/cell-files.ts";
import { enclosures } from "../../../src/cell/sandbox/enclosure.ts";
import { imageForOthers } from "../../../src/cell/sandbox/image-for-others.ts";
import { findSystemTools } from "../../../src/cell/sandbox/system-tools.ts";

const MODULE = new URL("../../../src/cell/sandbox/image-for-others.ts", import.meta.url).pathname;
const NOBODY = 65_534;
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
    const { path: copy } = imageForOthers(image);
    assert.is(readAsCell(copy), "the image");
    assert.is(statSync(copy).mode & 0o777, 0o644);
    assert.is(statSync(join(copy, "..")).mode & 0o777, 0o755);
    assert.is(readFileSync(image, "utf8"), "the image");
  } finally {
    rmSync(own, { recursive: true });
  }
});

/** Runs with a folder for temporary files that is the test's own, and an image in it. */
function inOwnFolder(act: (temporary: string, image: string) => void): void {
  const before = process.env["TMPDIR"];
  const temporary = mkdtempSync(join(tmpdir(), "skerry-own-"));
  try {
    process.env["TMPDIR"] = temporary;
    const image = join(temporary, "image.bin");
    writeFileSync(image, "the image");
    act(temporary, image);
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    rmSync(temporary, { recursive: true });
  }
}

test("ImageForOthers.restore copies the image again where it was removed, to the same path", () => {
  inOwnFolder((_, image) => {
    const { path, restore } = imageForOthers(image);
    const folder = dirname(path);
    for (const removed of [path, folder]) {
      rmSync(removed, { recursive: true });
      restore();
      assert.is(readFileSync(path, "utf8"), "the image");
      assert.is(statSync(path).mode & 0o777, 0o644);
      assert.is(statSync(folder).mode & 0o777, 0o755);
      assert.equal(readdirSync(folder), ["image.bin"]);
    }
    writeFileSync(image, "another");
    restore();
    assert.is(readFileSync(path, "utf8"), "the image");
  });
});

test("ImageForOthers.restore refuses what another user put in the place of the copy", () => {
  inOwnFolder((temporary, image) => {
    const { path, restore } = imageForOthers(image);
    const folder = dirname(path);
    const theirs = join(temporary, "theirs");
    mkdirSync(theirs);
    writeFileSync(join(theirs, "image.bin"), "theirs");
    rmSync(folder, { recursive: true });
    symlinkSync(theirs, folder);
    assert.throws(restore, /is not this user's any more/);
    rmSync(folder);
    cpSync(theirs, folder, { recursive: true });
    chmodSync(folder, 0o777);
    assert.throws(restore, /is not this user's any more/);
    if (process.geteuid?.() !== 0) return;
    chmodSync(folder, 0o755);
    chownSync(folder, NOBODY, NOBODY);
    assert.throws(restore, /is not this user's any more/);
  });
});

test("imageForOthers removes the copies of processes that are gone, and nothing else", () => {
  inOwnFolder((temporary, image) => {
    const script = `import(${JSON.stringify(MODULE)}).then(({ imageForOthers }) => {
      require("node:fs").writeSync(1, process.pid + " " + imageForOthers(${JSON.stringify(image)}).path);
      process.kill(process.pid, "SIGKILL");
    })`;
    const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    const [pid = "", left = ""] = stdout.split(" ");
    assert.ok(existsSync(left), stdout);
    const folder = (name: string): string => {
      mkdirSync(join(temporary, name));
      return name;
    };
    const stays = [
      folder(`skerry-image-${process.ppid}-aaaaaa`),
      folder(`skerry-image-${pid}-aaaaaa.old`),
      folder("skerry-image-aaaaaa"),
    ];
    const linked = join(temporary, folder("linked"));
    const link = `skerry-image-${pid}-bbbbbb`;
    symlinkSync(linked, join(temporary, link));
    stays.push(link, "linked");
    if (process.geteuid?.() === 0) {
      const theirs = folder(`skerry-image-${pid}-cccccc`);
      chownSync(join(temporary, theirs), NOBODY, NOBODY);
      stays.push(theirs);
    }
    // Of a process before this one that had the same id, as in a container that was started again.
    const before = join(temporary, folder(`skerry-image-${process.pid}-dddddd`));
    utimesSync(before, 1, 1);
    const { path } = imageForOthers(image);
    const again = imageForOthers(image);
    assert.equal(
      readdirSync(temporary).toSorted(),
      [...stays, basename(dirname(path)), basename(dirname(again.path)), "image.bin"].toSorted(),
    );
  });
});

test("imageForOthers leaves nothing behind when the process ends", () => {
  const script = `import(${JSON.stringify(MODULE)}).then((m) => process.stdout.write(m.imageForOthers(process.execPath).path))`;
  const copy = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" });
  assert.match(copy, /skerry-image-/);
  assert.not.ok(existsSync(copy));
});

test.run();
