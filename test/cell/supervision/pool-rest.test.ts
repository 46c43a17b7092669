import { test } from "uvu";
import * as assert from "uvu/assert";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { untilPoolRests, type PoolRestParts } from "../../../src/cell/supervision/pool-rest.ts";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("./fixtures/close-and-exit.ts", import.meta.url));

/** Threads whose states change from look to look; the last one stays. */
function parts(looks: readonly Readonly<Record<string, string>>[]): PoolRestParts & { looks: number } {
  let now = 0;
  return {
    looks: 0,
    name: "node-MainThread",
    list() {
      return Object.keys(looks[Math.min(this.looks++, looks.length - 1)]!);
    },
    stat(task) {
      const stat = looks[Math.min(this.looks, looks.length) - 1]![task];
      if (stat === "gone") throw new Error("ESRCH");
      return stat!;
    },
    nowMs: () => now,
    pause: async (waitMs) => void (now += waitMs),
    sleep: (waitMs) => void (now += waitMs),
  };
}

test("untilPoolRests() waits until no thread of the pool and of V8 runs in two looks", async () => {
  const rest = { 2: "2 (node-MainThread) S 1", 3: "3 (node-V8Worker) S 1" };
  const at = parts([
    { ...rest, 2: "2 (node-MainThread) R 1" },
    rest,
    { ...rest, 3: "3 (node-V8Worker) R 1" },
    { ...rest, 2: "2 (node-MainThread) D 1" },
    rest,
    rest,
  ]);
  assert.is(await untilPoolRests(at), true);
  assert.is(at.looks, 6);
});

test("untilPoolRests() leaves alone what is not of the pool, and what has ended", async () => {
  const at = parts([
    {
      2: "2 (a (node-MainThread) b) R 1",
      3: "3 (libuv-worker) R 1",
      4: "gone",
      5: "5 (node-MainThread) Z 1",
    },
  ]);
  assert.is(await untilPoolRests(at), true);
  assert.is(at.looks, 2);
});

test("untilPoolRests() gives up on what goes on for ever", async () => {
  assert.is(await untilPoolRests(parts([{ 2: "2 (node-MainThread) R 1" }])), false);
});

test("untilPoolRests() waits for nothing where the system does not say", async () => {
  assert.is(await untilPoolRests(undefined), true);
});

test("a process may end right after its host is closed", async () => {
  for (let i = 0; i < 5; i++) {
    const { stdout } = await run(process.execPath, ["--no-node-snapshot", PROGRAM]);
    assert.is(stdout, "closed\n");
  }
});

test.run();
