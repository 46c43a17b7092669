import { test } from "uvu";
import * as assert from "uvu/assert";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Far longer than either takes; without it a process that never ends would hold up the run. */
const MOST_MS = 120_000;

/** Runs a fixture and says how it ended. */
async function endOf(fixture: string, ...args: string[]): Promise<string> {
  const path = fileURLToPath(new URL(`./fixtures/${fixture}.ts`, import.meta.url));
  return await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--no-node-snapshot", path, ...args],
      { timeout: MOST_MS, killSignal: "SIGKILL" },
      (_error, _stdout, stderr) => resolve(`${child.signalCode ?? child.exitCode} ${stderr}`.trim()),
    );
  });
}

test("a process may end while its heap is collected in which there were isolates", async () => {
  // How far the collection is at the end differs from run to run.
  for (let arrays = 20; arrays <= 160; arrays += 20)
    assert.is(await endOf("end-while-collecting", String(arrays)), "0");
});

test("process.exit() ends a process in which a worker never ends", async () => {
  assert.is(await endOf("exit-while-running", "for (;;);"), "7");
});

// Only Linux says what threads do.
if (existsSync("/proc/self/task"))
  test("process.exit() waits for isolates where the loop was empty once, and was given more to do", async () => {
    // Some other thread may be at work at that moment; where nothing waits, these are each time.
    let end = "";
    for (let tries = 0; tries < 5 && end !== "7"; tries++) end = await endOf("exit-after-idle");
    assert.is(end, "7");
  });

test("process.exit() ends a process in whose isolates something runs as it is told to", async () => {
  const work = "const a = []; for (let i = 0; i < 2e6; i++) a.push({ i }); return new Response('hi');";
  for (let i = 0; i < 3; i++) assert.is(await endOf("exit-while-running", work), "7");
});

test.run();
