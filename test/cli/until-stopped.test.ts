import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

const FOLDER = mkdtempSync(join(tmpdir(), "skerry-test-"));
const FIFO = join(FOLDER, "nobody-writes");
/** A thread of Node's pool that never ends, as in a system call on a disk that hangs: an exit waits for it. */
const HANGS = `
  import { open } from "node:fs";
  import { untilStopped } from ${JSON.stringify(resolve("src/cli/until-stopped.ts"))};
  process.on("exit", () => console.log("cells are ended"));
  open(${JSON.stringify(FIFO)}, () => {});
  setTimeout(() => console.log("runs"), 100);
  await untilStopped(Number(process.argv[1]));
  console.log("stops");
`;

/** Runs it, and sends each signal after what it says. Gives what it said and what ended it. */
async function run(graceMs: number, signals: readonly NodeJS.Signals[]): Promise<[string, number | string]> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", HANGS, String(graceMs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  let sent = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    const said = output.split("\n").length - 1;
    while (sent < Math.min(said, signals.length)) child.kill(signals[sent++]);
  });
  const patience = setTimeout(() => child.kill("SIGABRT"), 150_000);
  const end = await new Promise<number | string>((done) => {
    child.on("close", (code, signal) => done(code ?? signal ?? ""));
  });
  clearTimeout(patience);
  return [output, end];
}

test.before(() => void execFileSync("mkfifo", [FIFO]));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

test("a process that cannot end by itself ends after its grace, and ends its cells", async () => {
  const [output, end] = await run(1_000, ["SIGTERM"]);
  assert.equal([output, end], ["runs\nstops\ncells are ended\n", "SIGKILL"]);
});

test("a second signal ends it at once, whatever its threads do", async () => {
  const [output, end] = await run(10_000_000, ["SIGINT", "SIGTERM"]);
  assert.equal([output, end], ["runs\nstops\ncells are ended\n", "SIGKILL"]);
});

test.run();
