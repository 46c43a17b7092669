import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture, uploadForm } from "./api-fixture.ts";

const CODE = "export default { fetch: () => new Response('hello') };";
const SCRIPT = "/accounts/acme/workers/scripts/shop";

test("an upload that is sent again because its connection broke off makes one version", async () => {
  await using api = await ApiFixture.make();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  for (const [method, path] of [
    ["POST", `${SCRIPT}/versions`],
    ["PUT", SCRIPT],
  ] as const) {
    const before = api.host.control.versions("shop", "acme").length;
    const connection = new AbortController();
    const form = (): FormData => uploadForm(CODE, { annotations: { "workers/message": method } });
    const first = api.raw(method, path, { body: form(), signal: connection.signal });
    // The host has the whole upload and works on it when the client is gone.
    setTimeout(() => connection.abort(), 5);
    await first.catch(() => null);
    connection.abort();
    const again = await api.ask(method, path, form());
    assert.is(again.success, true, JSON.stringify(again.errors));
    assert.is(api.host.control.versions("shop", "acme").length, before + 1, method);
  }
});

test("the same code uploaded twice is two versions, and a retry of other code is no retry", async () => {
  await using api = await ApiFixture.make();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  await api.ask("POST", `${SCRIPT}/versions`, uploadForm(CODE));
  // Who goes on to something else has had the answer.
  await api.ask("GET", `${SCRIPT}/versions`);
  await api.ask("POST", `${SCRIPT}/versions`, uploadForm(CODE));
  assert.is(api.host.control.versions("shop", "acme").length, 3);
  await api.ask("GET", `${SCRIPT}/versions`);
  const gone = new AbortController();
  const first = api.raw("POST", `${SCRIPT}/versions`, { body: uploadForm(CODE), signal: gone.signal });
  await first.catch(() => null);
  gone.abort();
  await api.ask("POST", `${SCRIPT}/versions`, uploadForm(`${CODE}\n// changed`));
  assert.is(api.host.control.versions("shop", "acme").length, 5);
});

test("an upload that is the first thing after the same one is taken for a retry, but for that of another token", async () => {
  await using api = await ApiFixture.make();
  const other = api.tokenFor("acme");
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  await api.ask("PUT", SCRIPT, uploadForm(CODE), other);
  assert.is(api.host.control.versions("shop", "acme").length, 2);
  await api.ask("PUT", SCRIPT, uploadForm(CODE), other);
  assert.is(api.host.control.versions("shop", "acme").length, 2);
  // The first token's is the newest no longer.
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  assert.is(api.host.control.versions("shop", "acme").length, 3);
});

test("an upload is a retry whatever the token is used for meanwhile, elsewhere than with the worker", async () => {
  await using api = await ApiFixture.make();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  await api.ask("GET", "/user");
  await api.ask("PUT", SCRIPT.replace("shop", "other"), uploadForm(CODE));
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  assert.is(api.host.control.versions("shop", "acme").length, 1);
  for (const path of [`${SCRIPT}/subdomain`, SCRIPT.replace("scripts", "services")]) {
    await api.ask("GET", path);
    await api.ask("PUT", SCRIPT, uploadForm(CODE));
  }
  assert.is(api.host.control.versions("shop", "acme").length, 3);
});

test("a retry of an upload that was refused is refused again", async () => {
  await using api = await ApiFixture.make();
  const gone = new AbortController();
  const bad = (): FormData => uploadForm("throw new Error('no');");
  await api.raw("PUT", SCRIPT, { body: bad(), signal: gone.signal }).catch(() => null);
  gone.abort();
  const again = await api.ask("PUT", SCRIPT, bad());
  assert.is(again.errors[0]?.code, 10021);
});

test("a deploy that is sent again after another one came in between is a deploy of its own", async () => {
  await using api = await ApiFixture.make();
  const deploy = async (code: string, signal?: AbortSignal): Promise<void> => {
    await api.raw("PUT", SCRIPT, { body: uploadForm(code), ...(signal && { signal }) }).catch(() => null);
  };
  const gone = new AbortController();
  await deploy(CODE, gone.signal);
  gone.abort();
  await deploy("export default { fetch: () => new Response('other') };");
  await deploy(CODE);
  const answer = await api.host.worker("shop", "acme")!.fetch("http://shop/");
  assert.is(await answer.text(), "hello");
  assert.is(api.host.control.versions("shop", "acme").length, 3);
});

test("a worker that was deleted after an interrupted deploy is deployed anew", async () => {
  await using api = await ApiFixture.make();
  const gone = new AbortController();
  await api.raw("PUT", SCRIPT, { body: uploadForm(CODE), signal: gone.signal }).catch(() => null);
  gone.abort();
  await api.host.control.delete("shop", "acme");
  const again = await api.ask("PUT", SCRIPT, uploadForm(CODE));
  assert.is(again.success, true, JSON.stringify(again.errors));
  assert.ok(api.host.worker("shop", "acme"));
});

test("a deploy of what has only a share of the traffic by now is a deploy of its own", async () => {
  await using api = await ApiFixture.make();
  const other = api.tokenFor("acme");
  await api.ask("PUT", SCRIPT, uploadForm("export default { fetch: () => new Response('old') };"));
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  const [now, old] = api.host.control.versions("shop", "acme");
  const shares = [
    { version_id: now!.id, percentage: 10 },
    { version_id: old!.id, percentage: 90 },
  ];
  const body = { strategy: "percentage", versions: shares };
  assert.is((await api.ask("POST", `${SCRIPT}/deployments`, body, other)).status, 200);
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  assert.is(api.host.control.versions("shop", "acme").length, 3);
  const { versions } = api.host.control.deployments("shop", "acme")[0]!;
  assert.equal(
    versions.map(({ percent }) => percent),
    [100],
  );
});

test.run();
