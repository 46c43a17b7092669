import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Host, HostOptions, SkerryError, Worker } from "../../src/index.ts";
import { keyText, newMasterKey } from "../../src/secrets/master-key.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { CELLS, closeHosts, makeHost, upload } from "./fixture.ts";

const SHOW = `export default { fetch: (request, env) => Response.json(env) };`;

async function env(worker: Worker | undefined): Promise<unknown> {
  const response = await worker!.fetch("http://w/");
  return response.status === 200 ? await response.json() : response.status;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "none",
    (error: SkerryError) => error.code,
  );
}

for (const cell of CELLS) {
  test(`secrets are texts on env, change without a deploy, and outlive deploys (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload("w", SHOW, { vars: { V: "v" }, secrets: { A: "one", B: "ü\n\0" } }),
    );
    assert.equal(await env(worker), { V: "v", A: "one", B: "ü\n\0" });
    assert.equal(at.host.listSecrets("w"), ["A", "B"]);
    const before = worker.versionId;
    await at.host.putSecret("w", "A", "two");
    await at.host.putSecret("w", "C", "");
    assert.is.not(worker.versionId, before);
    assert.equal(await env(worker), { V: "v", A: "two", B: "ü\n\0", C: "" });
    assert.is(await at.host.deleteSecret("w", "B"), true);
    assert.is(await at.host.deleteSecret("w", "B"), false);
    await at.host.deploy(upload("w", SHOW, { vars: { W: 1 }, secrets: { D: "four" } }));
    assert.equal(await env(worker), { W: 1, A: "two", C: "", D: "four" });
    // A version is what it was, secrets included.
    await at.host.control.deployVersions("w", [{ versionId: before, percent: 100 }]);
    assert.equal(await env(worker), { V: "v", A: "one", B: "ü\n\0" });
    assert.equal(at.host.control.version(before, "w")?.secretNames, ["A", "B"]);
  });

  test(`requests that are under way keep the secrets that they began with (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const source = `export default { async fetch(_, env) { await scheduler.wait(300); return new Response(env.A); } };`;
    const worker = await at.host.deploy(upload("w", source, { secrets: { A: "old" } }));
    const early = worker.fetch("http://w/");
    await at.host.putSecret("w", "A", "new");
    assert.is(await (await early).text(), "old");
    assert.is(await (await worker.fetch("http://w/")).text(), "new");
    assert.ok(at.events.every(({ outcome }) => outcome === "ok"));
  });
}

test("secrets that cannot be are refused, by name and limit, and nothing has changed", async () => {
  await using at = await makeHost();
  const worker = await at.host.deploy(upload("w", SHOW, { vars: { V: "v" }, secrets: { A: "one" } }));
  const refused = async (promise: Promise<unknown>): Promise<string> =>
    await promise.then(
      () => "none",
      (error: SkerryError) => `${error.code} ${error.message}`,
    );
  const { host } = at;
  const canary = "canary".repeat(1_000_000);
  const large = await refused(host.putSecret("w", "L", canary));
  assert.is(large, "INVALID_UPLOAD secrets.L has 6000000 bytes; a secret may have at most 5120");
  assert.match(await refused(host.deploy(upload("w", SHOW, { secrets: { L: canary } }))), "at most 5120");
  for (const name of ["", "a b", "__proto__", "constructor", "a".repeat(129), "1a"])
    assert.match(await refused(host.putSecret("w", name, "canary")), /^INVALID_UPLOAD (?!.*canary)/, name);
  assert.match(
    await refused(host.putSecret("w", "V", "x")),
    /^INVALID_UPLOAD "V" is a secret .* another binding/,
  );
  assert.match(
    await refused(host.deploy(upload("w", SHOW, { vars: { A: "x" } }))),
    /^INVALID_UPLOAD "A" is a secret/,
  );
  assert.match(
    await refused(host.deploy(upload("n", SHOW, { vars: { A: "x" }, secrets: { A: "y" } }))),
    "secrets.A has the name of another binding",
  );
  for (const secrets of [[], "x", null, { A: 1 }, { A: "\ud800" }] as unknown as Record<string, string>[])
    assert.match(await refused(host.deploy(upload("n", SHOW, { secrets }))), /^INVALID_UPLOAD secrets/);
  assert.match(await refused(host.putSecret("none", "A", "x")), /^NO_SUCH_WORKER/);
  assert.match(await refused(host.putSecret("w", "A", "x", "other")), /^NO_SUCH_WORKER/);
  assert.throws(() => host.listSecrets("none"), /has no worker/);
  assert.equal(await env(worker), { V: "v", A: "one" });
  const many = Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`S${i}`, ""]));
  assert.match(await refused(host.deploy(upload("n", SHOW, { secrets: many }))), "at most 128");
});

test("an account's secrets are its own", async () => {
  await using at = await makeHost();
  const mine = await at.host.deploy(upload("w", SHOW, { account: "a", secrets: { A: "mine" } }));
  const theirs = await at.host.deploy(upload("w", SHOW, { account: "b" }));
  assert.equal([await env(mine), await env(theirs)], [{ A: "mine" }, {}]);
  assert.equal(at.host.listSecrets("w", "b"), []);
});

test("a top level that throws with a new secret leaves the old one in force", async () => {
  await using at = await makeHost();
  const source = `import { env } from "cloudflare:workers"; if (env.A === "bad") throw new Error("no"); ${SHOW}`;
  const deployed = await at.host.deploy(upload("w", source, { secrets: { A: "good" } })).catch(() => null);
  // Where that module is not known there is no top level that sees a secret.
  if (deployed === null) return;
  assert.is(await codeOf(at.host.putSecret("w", "A", "bad")), "SCRIPT_REFUSED");
  assert.equal(await env(deployed), { A: "good" });
});

async function reopened<T>(
  options: HostOptions,
  use: (host: Host, faults: unknown[]) => Promise<T>,
): Promise<T> {
  await using at = await makeHost(options);
  return await use(at.host, at.faults);
}

test("secrets survive a restart, rotation changes every row and stops nobody, and the old key may go then", async () => {
  using folder = tempFolder();
  const dataFolder = folder.path;
  const key = join(dataFolder, "secrets.key");
  const rows = (): string[] => {
    const db = new Database(join(dataFolder, "control.db"), { readonly: true });
    const all = db.prepare<[], { hex: string }>("SELECT hex(sealed) AS hex FROM version_secret").all();
    db.close();
    return all.map(({ hex }) => hex);
  };
  await reopened({ dataFolder }, async (host) => {
    await host.deploy(upload("w", SHOW, { secrets: { A: "one" } }));
    await host.putSecret("w", "B", "two");
  });
  await reopened({ dataFolder }, async (host) => {
    const worker = host.worker("w")!;
    assert.equal(await env(worker), { A: "one", B: "two" });
    const before = rows();
    let asked = 0;
    let going = true;
    const load = (async () => {
      const wrong: unknown[] = [];
      for (; going; asked += 1) {
        const got = JSON.stringify(await env(worker));
        if (got !== '{"A":"one","B":"two"}') wrong.push(got);
      }
      return wrong;
    })();
    const { keyId, count } = host.control.secrets.rotate();
    assert.is(count, 3);
    assert.match(keyId, /^[\da-f]{16}$/);
    const after = rows();
    assert.is(new Set(before).intersection(new Set(after)).size, 0, "every row is another");
    await new Promise((resolve) => setTimeout(resolve, 100));
    going = false;
    assert.equal(await load, []);
    assert.ok(asked > 0);
  });
  // The new key stands first: what came before it is needed no more.
  const kept = readFileSync(key, "utf8").split("\n").slice(0, 2);
  writeFileSync(key, `${kept.join("\n")}\n`);
  await reopened({ dataFolder }, async (host) => {
    assert.equal(await env(host.worker("w")), { A: "one", B: "two" });
  });
});

test("a key that is missing or wrong refuses what needs it, and nothing else", async () => {
  using folder = tempFolder();
  const dataFolder = folder.path;
  const key = join(dataFolder, "secrets.key");
  await reopened({ dataFolder }, async (host) => {
    await host.deploy(upload("sealed", SHOW, { secrets: { A: "canary" } }));
    await host.deploy(upload("plain", SHOW, { vars: { V: "v" } }));
  });
  for (const wrong of [null, keyText(newMasterKey())]) {
    rmSync(key, { force: true });
    if (wrong !== null) writeFileSync(key, wrong, { mode: 0o600 });
    await reopened({ dataFolder }, async (host, faults) => {
      assert.equal(await env(host.worker("plain")), { V: "v" });
      assert.is(await env(host.worker("sealed")), 500);
      assert.ok(faults.some((fault) => (fault as SkerryError).code === "SECRETS_KEY_MISSING"));
      assert.not(faults.some((fault) => String((fault as Error).stack).includes("canary")));
      assert.is(await codeOf(host.deploy(upload("sealed", SHOW))), "SECRETS_KEY_MISSING");
      assert.is(await codeOf(host.putSecret("sealed", "B", "x")), "SECRETS_KEY_MISSING");
      assert.throws(() => host.control.secrets.rotate(), /is not there/);
      assert.equal(host.listSecrets("sealed"), ["A"]);
      await host.deploy(upload("plain", SHOW, { vars: { V: "v" } }));
    });
  }
  await reopened({ dataFolder }, async (host) => {
    // What needs the lost key can still be given up.
    assert.is(await host.deleteSecret("sealed", "A"), true);
    assert.equal(await env(host.worker("sealed")), {});
    await host.putSecret("sealed", "A", "new");
    assert.equal(await env(host.worker("sealed")), { A: "new" });
    const [first] = host.control.versions("sealed").toReversed();
    const back = host.control.deployVersions("sealed", [{ versionId: first!.id, percent: 100 }]);
    assert.is(await codeOf(back), "SECRETS_KEY_MISSING");
    assert.equal(await env(host.worker("sealed")), { A: "new" });
  });
});

test("a row that is moved to another worker, account or name opens no more", async () => {
  using folder = tempFolder();
  const dataFolder = folder.path;
  await reopened({ dataFolder }, async (host) => {
    await host.deploy(upload("victim", SHOW, { account: "a", secrets: { A: "canary" } }));
    await host.deploy(upload("thief", SHOW, { account: "b", secrets: { A: "mine", B: "mine" } }));
    await host.deploy(upload("thief", SHOW, { account: "a", secrets: { A: "mine" } }));
  });
  const db = new Database(join(dataFolder, "control.db"));
  const sealedOf = "SELECT s.sealed FROM version_secret s JOIN version v ON v.id = s.version";
  db.exec(`UPDATE version_secret SET sealed = (${sealedOf} WHERE v.worker = 'victim')
    WHERE version IN (SELECT id FROM version WHERE worker = 'thief') AND name = 'A'`);
  db.close();
  await reopened({ dataFolder }, async (host, faults) => {
    assert.equal(await env(host.worker("victim", "a")), { A: "canary" });
    assert.is(await env(host.worker("thief", "a")), 500);
    assert.is(await env(host.worker("thief", "b")), 500);
    assert.ok(faults.every((fault) => (fault as SkerryError).code === "SECRETS_DAMAGED"));
  });
});

test("the hosts of these tests close", closeHosts);

test.run();
