import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scratchFolder } from "../../bench/scratch-folder.ts";

const MODULE = join(import.meta.dirname, "../../bench/scratch-folder.ts");
const RUN_END = join(import.meta.dirname, "../../bench/run-end.ts");

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

test("a run that may be interrupted goes on after the first Ctrl-C, and ends by a later one", async () => {
  const code = `const { scratchFolder } = await import(${JSON.stringify(MODULE)});
    const { interruptible } = await import(${JSON.stringify(RUN_END)});
    const { path } = await scratchFolder("test");
    interruptible().signal.addEventListener("abort", () => console.log("interrupted"));
    console.log(path); setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string> => String((await lines.next()).value);
  const path = await line();
  const ended = once(child, "exit");
  child.kill("SIGINT");
  assert.is(await line(), "interrupted");
  // One that comes right behind the first is the same, passed on by npm.
  child.kill("SIGINT");
  assert.ok(existsSync(path), path);
  while (child.exitCode === null) {
    await pause(200);
    child.kill("SIGINT");
  }
  await ended;
  assert.is(child.exitCode, 130);
  assert.not.ok(existsSync(path));
});

test.run();
