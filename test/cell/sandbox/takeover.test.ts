import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { TakeoverResult } from "./takeover-run.ts";
import { REACHABLE } from "./takeover-script.ts";

const RUN = join(import.meta.dirname, "takeover-run.ts");
const SETPRIV = "/usr/bin/setpriv";
const NOBODY = 65_534;

async function takeOver(before: readonly string[]): Promise<TakeoverResult> {
  const [command, ...args] = [...before, process.execPath, "--no-node-snapshot", RUN];
  const child = spawn(command!, args, {
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  for await (const part of child.stdout.setEncoding("utf8")) text += part;
  return JSON.parse(text) as TakeoverResult;
}

function isHeld(finding: string | undefined): boolean {
  return finding === undefined || finding.startsWith("held: ");
}

function check({ layers, js, native, free, reached }: TakeoverResult): void {
  const applied = new Set<string>(layers.filter((layer) => layer.applied).map(({ name }) => name));
  const escaped = Object.entries(native).filter(
    ([name, finding]) => applied.has(name.replace(/:.*/, "")) && !isHeld(finding),
  );
  assert.equal(escaped, [], "attempts that a layer which is said to be applied must stop");
  assert.ok(Object.keys(native).length > 20, Object.keys(native).join());
  if (applied.has("network")) assert.equal(reached, []);
  if (applied.has("permissions")) {
    const files = Object.entries(js).filter(
      ([name, finding]) => name.startsWith("files:") && !isHeld(finding),
    );
    assert.equal(files, [], "files that Node's permission model must keep from JavaScript");
  }
  // An attempt that fails anywhere proves nothing.
  const vain = REACHABLE.filter((name) => isHeld(free[name]) && (name in free || !name.includes("memory")));
  assert.equal(
    vain.map((name) => `${name}: ${free[name]}`),
    [],
    "attempts that succeed without a sandbox",
  );
}

if (process.platform === "linux") {
  test("a cell that is taken over reaches nothing that a layer is said to keep from it", async () => {
    check(await takeOver([]));
  });

  const root = process.geteuid?.() === 0 && existsSync(SETPRIV);
  if (root) {
    test("nor does one of a host without privileges", async () => {
      check(await takeOver([SETPRIV, `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"]));
    });
  }
} else {
  test("elsewhere than on Linux there is nothing to take over", () =>
    assert.not.equal(process.platform, "linux"));
}

test.run();
