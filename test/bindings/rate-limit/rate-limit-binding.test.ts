import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type Host, type WorkerUpload } from "../../../src/index.ts";
import { WIDE_LIMITS } from "../../limits/wide-limits.ts";

const CELL = (process.env["SKERRY_TEST_CELL"] ?? "in-process") as "in-process" | "process";

function upload(name: string, body: string, more: Partial<WorkerUpload> = {}): WorkerUpload {
  const content = `export default { async fetch(request, env) { ${body} } }`;
  return { name, main: "i.js", modules: [{ name: "i.js", type: "esm", content }], ...more };
}

async function json(host: Host, name: string, account?: string): Promise<unknown> {
  return await (await host.worker(name, account)!.fetch("http://w/")).json();
}

const RL = [{ binding: "RL", namespaceId: "1001", limit: 2, periodS: 60 }] as const;
const FOUR = `const found = []; for (let i = 0; i < 4; i++) found.push((await env.RL.limit({ key: "k" })).success); return Response.json(found);`;

/** Runs a test of a window, and once more where it ran into the next one. */
async function withinOneMinute(run: () => Promise<void>): Promise<void> {
  const minute = (): number => Math.floor(Date.now() / 60_000);
  for (let attempts = 0; ; attempts++) {
    const begun = minute();
    try {
      return await run();
    } catch (error) {
      if (minute() === begun || attempts === 5) throw error;
    }
  }
}

test("a rate limit counts for all workers of an account, and for no other account", async () => {
  await withinOneMinute(async () => {
    await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
    await host.deploy(upload("one", FOUR, { rateLimits: RL }));
    await host.deploy(upload("two", FOUR, { rateLimits: RL }));
    await host.deploy(upload("two", FOUR, { rateLimits: RL, account: "other" }));
    assert.equal(await json(host, "one"), [true, true, false, false]);
    assert.equal(await json(host, "two"), [false, false, false, false]);
    assert.equal(await json(host, "two", "other"), [true, true, false, false]);
  });
});

test("a rate limit is a global of a script, and says what is wrong with a call", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  const content = `addEventListener("fetch", (event) => event.respondWith((async () => {
    const told = async (...args) => { try { return (await RL.limit(...args)).success } catch (error) { return error.name + ": " + error.message } };
    return Response.json([await told({ key: "" }), await told(), await told({}), await told({ key: 1 }), await told({ key: "k", limit: 9 }),
      await told({ key: "x".repeat(9000) }), Object.prototype.toString.call(RL), typeof RL.constructor]);
  })()))`;
  await host.deploy({
    name: "w",
    main: "i.js",
    modules: [{ name: "i.js", type: "script", content }],
    rateLimits: RL,
  });
  assert.equal(await json(host, "w"), [
    true,
    "TypeError: limit() needs an object with a key, such as { key: clientAddress }",
    "TypeError: The key of limit() must be a string, not undefined",
    "TypeError: The key of limit() must be a string, not number",
    "TypeError: limit() has no option limit",
    "RangeError: The key of limit() has 9000 characters; at most 8192 are allowed",
    "[object RateLimit]",
    "function",
  ]);
});

test("version metadata is the id, tag and time of the version that runs, also after a restart and a new secret", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  const show = upload("w", "return Response.json([env.VM, env.S ?? null])", { versionMetadata: ["VM"] });
  const version = await host.control.deploy(show, { "workers/tag": "v1" });
  const [metadata, none] = (await json(host, "w")) as [{ timestamp: string }, unknown];
  assert.equal(
    [metadata, none],
    [{ id: version.id, tag: "v1", timestamp: new Date(version.createdAtMs).toISOString() }, null],
  );
  await host.putSecret("w", "S", "x");
  const [after, secret] = (await json(host, "w")) as [{ id: string; tag: string }, string];
  assert.equal([after.id, after.tag, secret], [host.worker("w")!.versionId, "", "x"]);
  assert.is.not(after.id, version.id);
});

test("bindings with wrong fields, or of kinds that the host has not, are refused and nothing is stored", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  const refusal = async (more: object): Promise<string> =>
    await host.deploy(upload("w", "", more)).then(
      () => "nothing was thrown",
      (error: Error) => error.message,
    );
  const wrong = await refusal({
    rateLimits: [{ binding: "A-B", namespaceId: "", limit: 0, periodS: 30 }],
    versionMetadata: ["A-B"],
    plugIns: [{ binding: "X", type: "A b", config: [] }],
  });
  for (const field of [
    "rateLimits[0].binding",
    "rateLimits[0].namespaceId",
    "rateLimits[0].limit",
    "rateLimits[0].periodS",
    "versionMetadata[0]",
    "plugIns[0].type",
    "plugIns[0].config",
  ])
    assert.ok(wrong.includes(field), `${field} in ${wrong}`);
  const missing = await refusal({
    plugIns: [
      { binding: "AI", type: "ai" },
      { binding: "X", type: "new_thing" },
    ],
    tailConsumers: ["nobody"],
  });
  assert.match(missing, /tailConsumers: the account has no worker "nobody"/);
  assert.match(missing, /binding "AI": this host does not support Workers AI yet/);
  assert.match(missing, /binding "X": this host does not support the type "new_thing" yet/);
  assert.is(host.worker("w"), undefined);
});

test.run();
