import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scratchFolder } from "../../bench/scratch-folder.ts";

const MODULE = join(import.meta.dirname, "../../bench/scratch-folder.ts");

test("a folder is there while it is needed, and no longer", async () => {
  let kept: string;
  {
    await using scratch = await scratchFolder("test");
    kept = scratch.path;
    assert.ok(existsSync(kept));
  }
  assert.not.ok(existsSync(kept));
});

test("a run that is ended by a signal leaves none behind", async () => {
  const code = `const { scratchFolder } = await import(${JSON.stringify(MODULE)});
    console.log((await scratchFolder("test")).path); setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const path = await new Promise<string>((resolve) =>
    child.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim())),
  );
  assert.ok(existsSync(path), path);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  assert.is(await ended, 130);
  assert.not.ok(existsSync(path));
});

test.run();
