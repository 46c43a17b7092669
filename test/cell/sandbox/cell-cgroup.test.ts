import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openCellCgroups } from "../../../src/cell/sandbox/cell-cgroup.ts";

/** Folders in which this process's groups may lie. */
function candidates(): string[] {
  const lines = readFileSync("/proc/self/cgroup", "latin1").trim().split("\n");
  return lines.flatMap((line) => {
    const [, controllers = "", path = ""] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const own = join("/sys/fs/cgroup", controllers, path);
    return [own, dirname(own), join("/sys/fs/cgroup/unified", path)];
  });
}

if (process.platform === "linux") {
  test("a sweep removes groups of hosts that died, and none that another host has just made", async () => {
    const groups = openCellCgroups(2 ** 30);
    if ("why" in groups) return;
    const before = new Set(candidates().filter((folder) => existsSync(folder)));
    groups.create();
    const folder = [...before].find((place) => existsSync(join(place, `skerry-${process.pid}-1`)));
    assert.ok(folder);
    const other = spawn("sleep", ["60"], { stdio: "ignore" });
    const theirs = join(folder!, `skerry-${other.pid}-1`);
    try {
      mkdirSync(theirs);
      groups.sweep();
      assert.not.ok(existsSync(join(folder!, `skerry-${process.pid}-1`)));
      assert.ok(existsSync(theirs));
      other.kill("SIGKILL");
      await once(other, "exit");
      groups.sweep();
      assert.not.ok(existsSync(theirs));
    } finally {
      other.kill("SIGKILL");
      if (existsSync(theirs)) rmdirSync(theirs);
    }
  });
}

test.run();
