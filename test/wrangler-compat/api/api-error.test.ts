import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture, uploadForm } from "./api-fixture.ts";

const A = "/accounts/acme";
const SCRIPT = `${A}/workers/scripts/shop`;
const CODE = "export default { fetch() {} }";

test("cloudflareApi says of each thing that it has not, by the number that wrangler knows, that it is not there", async () => {
  await using api = await ApiFixture.listen();
  for (const [path, code, what] of [
    ["/workers/dispatch/namespaces/dn/scripts/shop", 10092, /dispatch namespaces/],
    ["/workers/dispatch/namespaces/dn", 10092, /dispatch namespaces/],
    ["/r2/buckets/pictures", 10006, /R2 buckets/],
    ["/d1/database/orders", 7404, /D1 databases/],
    ["/workflows/pay", 10200, /Workflows/],
    ["/workers/services/shop", 10090, /does not exist/],
    ["/workers/scripts/shop/deployments", 10007, /does not exist/],
  ] as const) {
    const { status, success, errors, result } = await api.ask("GET", A + path);
    assert.equal([status, success, errors[0]?.code, result], [404, false, code, null], path);
    assert.match(errors[0]!.message, what);
  }
  // What is asked for after that is refused, and wrangler ends.
  for (const [method, path] of [
    ["PUT", "/workers/dispatch/namespaces/dn/scripts/shop"],
    ["POST", "/r2/buckets"],
    ["POST", "/d1/database"],
  ] as const) {
    const { status, success, errors } = await api.ask(method, A + path, { name: "x" });
    assert.equal([status, success], [501, false], path);
    assert.match(errors[0]!.message, /does not support/);
  }
});

test("cloudflareApi knows no versions but the worker's own", async () => {
  await using api = await ApiFixture.listen();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  await api.ask("PUT", `${A}/workers/scripts/other`, uploadForm(CODE));
  const [own] = api.host.control.versions("shop", "acme");
  const [other] = api.host.control.versions("other", "acme");
  const evil = api.tokenFor("evil");
  await api.ask("PUT", "/accounts/evil/workers/scripts/shop", uploadForm(CODE), evil);
  const [foreign] = api.host.control.versions("shop", "evil");
  const share = (version_id: unknown): object => ({ version_id, percentage: 100 });
  for (const id of [other!.id, foreign!.id, "00000000-0000-4000-8000-000000000000", "x"]) {
    const shown = await api.ask("GET", `${SCRIPT}/versions/${id}`);
    assert.equal([shown.status, shown.errors[0]?.code], [404, 100146], id);
    const deployed = await api.ask("POST", `${SCRIPT}/deployments`, { versions: [share(id)] });
    assert.equal([deployed.status, deployed.errors[0]?.code], [404, 100146], id);
  }
  assert.is((await api.ask("GET", `${SCRIPT}/versions/${own!.id}`)).status, 200);
  assert.is(api.host.control.deployments("shop", "acme").length, 1);
});

test("cloudflareApi refuses deployments that do not share out the traffic, and says why", async () => {
  await using api = await ApiFixture.listen();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  const first = api.host.control.versions("shop", "acme")[0]!.id;
  const second = (await api.ask("POST", `${SCRIPT}/versions`, uploadForm(CODE))).result.id as string;
  const shares = (...list: (readonly [unknown, unknown])[]): object => ({
    versions: list.map(([version_id, percentage]) => ({ version_id, percentage })),
  });
  const refused: readonly (readonly [body: object, problem: RegExp])[] = [
    [{}, /versions must be a list/],
    [{ versions: {} }, /versions must be a list/],
    [{ versions: [null] }, /"version_id"/],
    [shares([first, "100"]), /"percentage"/],
    [shares([7, 100]), /"version_id"/],
    [{ strategy: "random", ...shares([first, 100]) }, /strategy/],
    ...[
      shares(),
      shares([first, 99]),
      shares([first, 101]),
      shares([first, 0]),
      shares([first, 150], [second, -50]),
      shares([first, 50], [first, 50]),
      shares(...Array.from({ length: 11 }, (_, n) => [String(n), 100 / 11] as const)),
    ].map((body) => [body, /names 1 to 10 versions, each once with a share above 0, 100 in all/] as const),
  ];
  for (const [body, problem] of refused) {
    const { status, errors } = await api.ask("POST", `${SCRIPT}/deployments`, body);
    assert.equal([status, errors[0]?.code], [400, 10212], JSON.stringify(body));
    assert.match(errors[0]!.message, problem, JSON.stringify(body));
  }
  assert.is(api.host.control.deployments("shop", "acme").length, 1);
});

test.run();
