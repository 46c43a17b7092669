import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CellListener } from "../../../src/cell/cell.ts";
import type { ChildEnd } from "../../../src/cell/cell-child.ts";
import { forTree } from "../../../src/cell/sandbox/process-tree.ts";
import { openSandbox, type Sandbox } from "../../../src/cell/sandbox/sandbox.ts";
import { esm, Harness, within } from "../harness.ts";

const WAIT_MS = 150_000;
/** Shared by all tests of a run, so that the image is made once. */
const folder = mkdtempSync(join(tmpdir(), "skerry-sandbox-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

async function open(memoryMb = 512): Promise<Sandbox> {
  return await openSandbox({ mode: "auto", folder, memoryMb });
}

function start(sandbox: Sandbox, script: string): { child: ChildProcess; node: () => number } {
  const launch = sandbox.launch(["-e", script]);
  const { command, args, env, cwd, detached } = launch;
  const child = spawn(command, args, { env, cwd, detached, stdio: ["ignore", "ignore", "pipe", "pipe"] });
  launch.spawned(child.pid!);
  // A pipe that nobody reads keeps the test alive.
  child.on("exit", () => child.stdio.forEach((stream) => stream?.destroy()));
  return { child, node: () => launch.nodePid(child.pid!) };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const poll = async (): Promise<void> => {
    while (!holds()) await pause(10);
  };
  await within(WAIT_MS, poll(), what);
}

function isGone(pid: number): boolean {
  return !existsSync(`/proc/${pid}`) || /^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "latin1"));
}

const applied = (sandbox: Sandbox, layer: string): boolean =>
  sandbox.report.layers.some(({ name, applied: holds }) => name === layer && holds);

test("a cell in the sandbox serves, and what it is started from is one file that it cannot write", async () => {
  const sandbox = await open();
  const { launch, preparedImage } = sandbox;
  assert.is(statSync(preparedImage).mode & 0o777, 0o644);
  await using host = new Harness({ kind: "process", sandbox: launch, preparedImage });
  const isolate = await host.load(
    esm("{fetch: (request) => new Response('seen ' + new URL(request.url).pathname)}"),
  );
  const answer = await within(WAIT_MS, host.fetch(isolate, "http://a.test/x"), "the answer");
  assert.is(answer.body, "seen /x");
  assert.ok((await host.cell.stats()).rssBytes > 1024 ** 2);
});

test("Sandbox.launch puts back the image of cells that look into the temporary files, or says why it cannot", async () => {
  const { launch, preparedImage } = await open();
  const copied = dirname(preparedImage);
  if (!basename(copied).startsWith("skerry-image-")) return;
  rmSync(copied, { recursive: true });
  assert.is(launch([]).fault, undefined);
  assert.is(statSync(preparedImage).mode & 0o777, 0o644);
  rmSync(copied, { recursive: true });
  writeFileSync(copied, "theirs");
  const { fault } = launch([]);
  assert.match(fault?.message ?? "", "is not this user's any more");
  const { CellChild } = await import("../../../src/cell/cell-child.ts");
  const end = await within(
    WAIT_MS,
    new Promise<ChildEnd>((gone) => void new CellChild({ sandbox: launch }, { frame() {}, gone })),
    "the end",
  );
  assert.match(end.message, "is not this user's any more");
  rmSync(copied);
  assert.is(launch([]).fault, undefined);
});

if (process.platform === "linux") {
  test("a cell whose loop stands still ends with the host, however that ends", async () => {
    const sandbox = await open();
    const { command, args, env, cwd } = sandbox.launch(["-e", "for (;;);"]);
    const spawned = JSON.stringify([command, args, { env, cwd, detached: true, stdio: "ignore" }]);
    const host = spawn(
      process.execPath,
      [
        "-e",
        `console.log(require("node:child_process").spawn(...${spawned}).pid); setInterval(() => {}, 1000)`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [text] = (await once(host.stdout, "data")) as [Buffer];
    const pids = new Set<number>();
    forTree(Number(text), (pid) => pids.add(pid));
    const isNode = (pid: number): boolean => readFileSync(`/proc/${pid}/comm`, "latin1").startsWith("node");
    await until("Node in the sandbox", () => {
      forTree(Number(text), (pid) => pids.add(pid));
      return [...pids].some((pid) => !isGone(pid) && isNode(pid));
    });
    host.kill("SIGKILL");
    await until("the end of the cell", () => [...pids].every(isGone));
  });

  test("Launch.nodePid is Node's process, and SIGKILL to the one that was started ends it", async () => {
    const { child, node } = start(
      await open(),
      "setInterval(() => {}, 1000); require('fs').writeSync(3, 'up')",
    );
    await once(child.stdio[3]!, "data");
    const pid = node();
    assert.match(readlinkSync(`/proc/${pid}/exe`), /node$/);
    assert.is(node(), pid);
    child.kill("SIGKILL");
    await until("Node's end", () => isGone(pid));
  });

  test("a cell in the sandbox ends when its pipe does", async () => {
    const { launch, preparedImage } = await open();
    const { ProcessCell } = await import("../../../src/cell/process-cell.ts");
    const { CellNursery } = await import("../../../src/cell/cell-nursery.ts");
    const quiet: CellListener = { messages() {}, lost() {}, catastrophic() {}, died() {} };
    const nursery = new CellNursery({ sandbox: launch, preparedImage, spares: 0 });
    const cell = new ProcessCell(nursery, quiet);
    await within(WAIT_MS, cell.ready(), "the cell");
    const pid = cell.pid!;
    process.kill(pid, "SIGTERM");
    await pause(50);
    assert.not.ok(isGone(pid), "a signal to the whole group is the host's to act on");
    await cell.close();
    await nursery.close();
    await until("Node's end", () => isGone(pid));
  });

  test("a cell with a user of its own is in the session of a host without a terminal, and no signal to all of that ends it", async () => {
    const cell = `let heard = 0;
      for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => require("fs").writeSync(1, "heard " + ++heard + "\\n"));
      setInterval(() => {}, 1000); require("fs").writeSync(1, "up\\n");`;
    const source = new URL("../../../src/cell/sandbox/sandbox.ts", import.meta.url).href;
    const script = `for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => {});
      const { openSandbox } = await import(${JSON.stringify(source)});
      const { report, launch } = await openSandbox(${JSON.stringify({ mode: "auto", folder, memoryMb: 512 })});
      const { command, args, env, cwd, detached } = launch(["-e", ${JSON.stringify(cell)}]);
      const { spawn } = await import("node:child_process");
      console.log(JSON.stringify([detached, report.layers.some(({ name, applied }) => name === "user" && applied)]));
      spawn(command, args, { env, cwd, detached, stdio: ["ignore", "inherit", "inherit"] });`;
    // A session of its own has no terminal.
    const host = spawn(process.execPath, ["--input-type=module", "-e", script], {
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    host.stdout.on("data", (text: Buffer) => (said += String(text)));
    const { stdout } = host;
    const wait = async (text: string): Promise<void> => {
      while (!said.includes(text)) await within(WAIT_MS, once(stdout, "data"), text);
    };
    try {
      await wait("up\n");
      const [detached, hasUser] = JSON.parse(said.slice(0, said.indexOf("\n"))) as [boolean, boolean];
      assert.is(detached, !hasUser);
      if (detached) return;
      process.kill(-host.pid!, "SIGTERM");
      await wait("heard 1\n");
      process.kill(-host.pid!, "SIGINT");
      await wait("heard 2\n");
      process.kill(-host.pid!, "SIGTERM");
      await wait("heard 3\n");
    } finally {
      host.kill("SIGKILL");
    }
  });

  test("a cell that takes more memory than it may is ended by the kernel, where control groups can be made", async () => {
    const sandbox = await open(128);
    if (!applied(sandbox, "cgroup")) return;
    const script = "const all = []; for (let i = 0; i < 100; i++) all.push(Buffer.alloc(2 ** 24, 1));";
    const { child } = start(sandbox, `${script} require('fs').writeSync(3, 'had 1600 MB')`);
    let had = "";
    child.stdio[3]!.on("data", (text: Buffer) => (had += String(text)));
    const [code] = (await within(WAIT_MS, once(child, "exit"), "its end")) as [number | null];
    // A process in front may make a code of the signal.
    assert.not.equal(code, 0);
    assert.is(had, "");
    sandbox.close();
  });

  test("cells have users of their own, where the host is root", async () => {
    const sandbox = await open();
    if (!applied(sandbox, "user")) return;
    const users = new Set<string>();
    const cells = [1, 2].map(() =>
      start(sandbox, "setInterval(() => {}, 1000); require('fs').writeSync(3, 'up')"),
    );
    for (const { child, node } of cells) {
      await once(child.stdio[3]!, "data");
      users.add(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${node()}/status`, "latin1"))![1]!);
      child.kill("SIGKILL");
    }
    assert.is(users.size, 2);
    assert.not.ok(users.has(String(process.getuid?.())));
  });
}

test.run();
