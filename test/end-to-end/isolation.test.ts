import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type Host, type HostOptions, type WorkerUpload } from "../../src/index.ts";
import { makeHost, until, upload } from "./fixture.ts";

const SOURCE = `export default { async fetch(request) {
  const { pathname } = new URL(request.url);
  if (pathname === "/wait") await new Promise((done) => setTimeout(done, 1_000));
  if (pathname === "/while") await new Promise((done) => setTimeout(done, 8_000));
  if (pathname === "/long") { console.log("begun"); await new Promise((done) => setTimeout(done, 600_000)); }
  if (pathname === "/spin") for (;;);
  return new Response("well");
} };`;

async function cellsOf(
  host: Host,
  account: string,
): Promise<{ use: string; kind: string; pid: number | null }[]> {
  const { cells } = await host.stats();
  return cells.filter((cell) => cell.account === account).map(({ use, kind, pid }) => ({ use, kind, pid }));
}

async function problem(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "done",
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );
}

for (const cell of ["process", "in-process"] as const) {
  test(`isolation "account" keeps accounts in processes of their own, beside cells of kind ${cell}`, async () => {
    await using at = await makeHost({ cell, isolation: "account", warm: { cellIdleMs: 200 } });
    const deploy = (account: string, name: string) =>
      at.host.deploy(upload(name, SOURCE, { account, limits: { cpuMs: 60_000, wallMs: 900_000 } }));
    const [one, too, two] = [await deploy("one", "w"), await deploy("one", "x"), await deploy("two", "w")];
    for (const worker of [one, too, two]) assert.is(await (await worker.fetch("http://w/")).text(), "well");
    const [[a, ...others], [b]] = [await cellsOf(at.host, "one"), await cellsOf(at.host, "two")];
    assert.equal([a!.use, a!.kind, b!.use, b!.kind], ["account", "process", "account", "process"]);
    assert.equal(others, []);
    assert.is(new Set([a!.pid, b!.pid, process.pid]).size, 3);

    // POST: nothing would be run again.
    const post = { method: "POST", body: "x" };
    const waiting = [two.fetch("http://w/wait", post), two.fetch("http://w/wait", post)];
    const lost = one.fetch("http://w/long", post);
    await until("it runs", () => at.logs.some(({ text }) => text === "begun"));
    process.kill(a!.pid!, "SIGKILL");
    assert.is((await lost).headers.get("skerry-outcome"), "isolateLost");
    for (const answer of waiting) assert.is(await (await answer).text(), "well");
    assert.is((await cellsOf(at.host, "two"))[0]!.pid, b!.pid);
    await until("its cell is replaced", async () => (await one.fetch("http://w/")).status === 200);

    for (const name of ["w", "x"]) await at.host.delete(name, "one");
    await until(
      "a cell that nobody needs is closed",
      async () => (await cellsOf(at.host, "one")).length === 0,
    );
    assert.is((await cellsOf(at.host, "two")).length, 1);
    assert.equal(at.faults, []);
  });
}

test("cells made on demand are bounded: an idle one goes, and where none is idle the start is refused", async () => {
  await using at = await makeHost({ cell: "process", isolation: "account", maxCells: 1 });
  const one = await at.host.deploy(upload("w", SOURCE, { account: "one" }));
  const two = await at.host.deploy(upload("w", SOURCE, { account: "two" }));
  assert.equal((await cellsOf(at.host, "one")).length, 0);
  assert.equal((await cellsOf(at.host, "two")).length, 1);
  const waiting = two.fetch("http://w/while");
  await until("it runs", async () => (await at.host.stats()).inFlight === 1);
  const refused = await one.fetch("http://w/");
  assert.is(refused.status, 503);
  assert.is(refused.headers.get("skerry-outcome"), "overloaded");
  assert.is(await (await waiting).text(), "well");
  assert.is(await (await one.fetch("http://w/")).text(), "well");
  assert.equal((await cellsOf(at.host, "two")).length, 0);
  assert.equal(at.faults, []);
});

test("isolation is the account's before the host's, and a worker may only ask for something stricter", async () => {
  const options: HostOptions = {
    cell: "process",
    accounts: { strict: { isolation: "account" }, trusted: { isolation: "in-process" } },
  };
  await using at = await makeHost(options);
  const deploy = (account: string, more: Partial<WorkerUpload> = {}) =>
    at.host.deploy(upload("w", SOURCE, { account, ...more }));
  assert.match(
    await problem(deploy("strict", { isolation: "shared" })),
    /^INVALID_UPLOAD: isolation is "shared"; this account's workers have "account"/,
  );
  assert.match(
    await problem(deploy("plain", { isolation: "in-process" })),
    /^INVALID_UPLOAD: isolation is "in-process"/,
  );
  assert.match(
    await problem(deploy("plain", { isolation: "none" as "shared" })),
    /^INVALID_UPLOAD: isolation is "none"; it must be one of in-process, shared, account/,
  );
  assert.equal((await at.host.stats()).workers, []);
  const uses = async (): Promise<string> => {
    const { cells } = await at.host.stats();
    return cells
      .filter(({ isolates }) => isolates > 0)
      .map(({ use, kind }) => `${use} ${kind}`)
      .sort()
      .join();
  };
  await deploy("plain");
  assert.is(await uses(), "shared process");
  await deploy("strict");
  assert.is(await uses(), "account process,shared process");
  const trusted = await deploy("trusted");
  assert.is(await uses(), "account process,in-process in-process,shared process");
  assert.is((await at.host.stats()).cells.find(({ use }) => use === "in-process")!.pid, process.pid);
  assert.is(await (await trusted.fetch("http://w/")).text(), "well");
  await deploy("plain", { isolation: "account" });
  assert.is((await cellsOf(at.host, "plain")).length, 1);
});

test("an account keeps to one shared cell, and accounts spread over cells", async () => {
  await using at = await makeHost({ cell: "process", cells: 2, warm: { maxPerVersion: 1 } });
  for (let i = 0; i < 16; i++) await at.host.deploy(upload(`w${i}`, SOURCE, { account: `account${i >> 1}` }));
  const counts = (await at.host.stats()).cells.map(({ isolates }) => isolates);
  assert.is(counts[0]! + counts[1]!, 16);
  assert.ok(Math.min(...counts) >= 4, `${counts}`);
  assert.equal(
    counts.map((count) => count % 2),
    [0, 0],
  );
});

test("createHost refuses an isolation that it does not know", async () => {
  const bad = { isolation: "strong", accounts: { a: { isolation: 1 } } } as unknown as HostOptions;
  assert.match(await problem(createHost(bad)), /"isolation" is "strong".*\n.*"accounts.a.isolation" is 1/);
});

test.run();
