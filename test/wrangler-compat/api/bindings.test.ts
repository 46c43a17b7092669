import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture, uploadForm } from "./api-fixture.ts";

const A = "/accounts/acme";
const SCRIPT = `${A}/workers/scripts/shop`;
const CODE = `export default { fetch: (request, env) => new Response(JSON.stringify(env)) }`;
const RL = { name: "RL", type: "ratelimit", namespace_id: "1001", simple: { limit: 10, period: 60 } };
const VM = { name: "VM", type: "version_metadata" };

test("cloudflareApi takes rate limits and version metadata, shows them again, and lets them be inherited", async () => {
  await using api = await ApiFixture.make();
  const put = await api.ask("PUT", SCRIPT, uploadForm(CODE, { bindings: [RL, VM] }));
  assert.is(put.status, 200, JSON.stringify(put.errors));
  assert.equal((await api.ask("GET", `${SCRIPT}/settings`)).result.bindings, [RL, VM]);
  const inherit = [
    { name: "RL", type: "inherit" },
    { name: "META", type: "inherit", old_name: "VM" },
  ];
  const annotations = { "workers/tag": "v2" };
  const again = await api.ask("PUT", SCRIPT, uploadForm(CODE, { bindings: inherit, annotations }));
  assert.is(again.status, 200, JSON.stringify(again.errors));
  assert.equal((await api.ask("GET", `${SCRIPT}/settings`)).result.bindings, [RL, { ...VM, name: "META" }]);
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true });
  const env = (await (await api.host.fetch("http://shop.acme.localhost/")).json()) as Record<string, never>;
  assert.equal(
    [env["META"]!["tag"], String(env["META"]!["id"]).replaceAll("-", "")],
    ["v2", again.result.deployment_id],
  );
  const kept = await api.ask("PUT", SCRIPT, uploadForm(CODE, { keep_bindings: ["ratelimit"] }));
  assert.is(kept.status, 200);
  assert.equal((await api.ask("GET", `${SCRIPT}/settings`)).result.bindings, [RL]);
});

test("cloudflareApi refuses rate limits with wrong fields and kinds that no plug-in answers, and stores nothing", async () => {
  await using api = await ApiFixture.make();
  const refusal = async (...bindings: object[]): Promise<string> => {
    const { status, errors } = await api.ask("PUT", SCRIPT, uploadForm(CODE, { bindings }));
    return `${status} ${errors.map(({ code, message }) => `${code} ${message}`).join()}`;
  };
  assert.match(
    await refusal({ ...RL, simple: { limit: 1, period: 30 } }),
    /400 10021 binding "RL" of type ratelimit has the period 30/,
  );
  assert.match(await refusal({ ...RL, simple: null }), /needs "simple"/);
  assert.match(await refusal({ ...RL, namespace_id: 1 }), /needs the text "namespace_id"/);
  assert.match(await refusal({ ...RL, simple: { limit: -1, period: 10 } }), /limit is -1/);
  const kinds = await refusal({ name: "DB", type: "d1", id: "x" }, { name: "M", type: "send_email" });
  assert.match(kinds, /binding "DB": this host does not support D1 databases yet/);
  assert.match(kinds, /binding "M": this host does not support email bindings yet/);
  assert.is((await api.ask("GET", `${SCRIPT}/settings`)).status, 404);
});

test("cloudflareApi keeps tail consumers with the worker, and tells whose events a worker is told of", async () => {
  await using api = await ApiFixture.make();
  const consumers = [{ service: "log" }];
  const missing = await api.ask("PUT", SCRIPT, uploadForm(CODE, { tail_consumers: consumers }));
  assert.equal([missing.status, missing.errors[0]?.code], [400, 10021]);
  assert.match(missing.errors[0]!.message, /no worker "log"/);
  await api.ask("PUT", `${A}/workers/scripts/log`, uploadForm(CODE));
  assert.is((await api.ask("PUT", SCRIPT, uploadForm(CODE, { tail_consumers: consumers }))).status, 200);
  const settings = async (): Promise<unknown> =>
    (await api.ask("GET", `${SCRIPT}/script-settings`)).result.tail_consumers;
  assert.equal(await settings(), consumers);
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  assert.equal(await settings(), consumers);
  assert.equal((await api.ask("GET", `${A}/workers/tails/by-consumer/log`)).result, [
    { consumer: { service: "log" }, producer: { service: "shop" } },
  ]);
  const path = `${SCRIPT}/script-settings`;
  assert.is((await api.ask("PATCH", path, { tail_consumers: [{ service: "nobody" }] })).status, 400);
  assert.is((await api.ask("PATCH", path, { tail_consumers: "log" })).status, 400);
  assert.equal(await settings(), consumers);
  assert.equal((await api.ask("PATCH", path, { tail_consumers: [] })).result.tail_consumers, []);
  assert.equal((await api.ask("GET", `${A}/workers/tails/by-consumer/log`)).result, []);
});

test.run();
