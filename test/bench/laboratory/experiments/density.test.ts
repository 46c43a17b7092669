import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { processTreeMemory } from "../../../../bench/subjects/process-tree-memory.ts";
import { measureRecorded } from "../recording-server.ts";

const MB = 2 ** 20;

test("density is what each tenant beyond the first five adds, whatever the server takes by itself", async () => {
  for (const name of ["density", "density-100k", "density-1m"]) {
    const { samples, asked, site } = await measureRecorded(name, {
      size: { mostTenants: 12 },
      memoryBytes: ({ tenants }) => 500 * MB + new Set(tenants).size * 3 * MB,
    });
    assert.equal(samples, { "memory of a warm tenant": [3] }, name);
    assert.is(new Set(asked.tenants).size, site.tenants);
  }
});

test("memory of processes counts what they share once, and all of what each has for itself", async () => {
  if (process.platform !== "linux") return;
  const own = 40 * MB;
  const code = `const kept = Buffer.alloc(${own}, 1); globalThis.kept = kept;
    console.log(process.pid); setInterval(() => {}, 1_000);`;
  const parent = `const { spawn } = require("node:child_process");
    spawn(process.execPath, ["-e", ${JSON.stringify(code)}], { stdio: ["ignore", "inherit", "inherit"] });
    process.on("SIGTERM", () => process.exit()); ${code}`;
  const child = spawn(process.execPath, ["-e", parent], { stdio: ["ignore", "pipe", "inherit"] });
  const pids: number[] = [];
  try {
    let text = "";
    while (pids.length < 2) {
      text += String(await once(child.stdout, "data"));
      pids.splice(0, pids.length, ...text.split("\n").slice(0, -1).map(Number));
    }
    const resident = pids.reduce((sum, pid) => sum + residentBytes(pid), 0);
    const found = await processTreeMemory(child.pid!);
    assert.ok(found > 2 * own, `${found} of two that have ${own} each`);
    assert.ok(found < resident, `${found} of ${resident} with what is shared counted twice`);
  } finally {
    for (const pid of pids) process.kill(pid, "SIGKILL");
  }
});

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))![1]) * 1024;
}

test.run();
