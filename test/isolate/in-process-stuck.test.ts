import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("./fixtures/stuck.ts", import.meta.url));

test("in-process cell reports what cannot be stopped, with its version, and goes on", async () => {
  // The thread that spins never ends, so this takes a process that is killed in the end.
  const child = spawn(process.execPath, ["--no-node-snapshot", PROGRAM], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), 150_000);
  let text = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) text += chunk;
  clearTimeout(timer);
  assert.equal(JSON.parse(text || "null"), {
    cause: "exceededCpu",
    event: 1,
    catastrophes: ["v1"],
    neighbour: "good",
  });
});

test.run();
