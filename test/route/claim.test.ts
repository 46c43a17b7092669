import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../src/index.ts";
import { checkClaims } from "../../src/route/claim.ts";

function allowed(route: string, ...hosts: string[]): boolean {
  try {
    checkClaims([route], hosts);
    return true;
  } catch {
    return false;
  }
}

test("checkClaims lets an account claim its own hosts only, whatever the pattern's form", () => {
  const rows: readonly (readonly [route: string, host: string, expected: boolean])[] = [
    ["acme.example/*", "acme.example", true],
    ["ACME.example/api/*", "acme.example", true],
    ["https://acme.example/*", "acme.example", true],
    ["www.acme.example/*", "acme.example", false],
    ["*.acme.example/*", "acme.example", false],
    ["*acme.example/*", "acme.example", false],
    ["*/*", "acme.example", false],
    ["www.acme.example/*", "*.acme.example", true],
    ["a.b.acme.example/*", "*.acme.example", true],
    ["*.acme.example/*", "*.acme.example", true],
    ["*.www.acme.example/*", "*.acme.example", true],
    ["acme.example/*", "*.acme.example", false],
    ["*acme.example/*", "*.acme.example", false],
    ["notacme.example/*", "*acme.example", false],
    ["acme.example/*", "*acme.example", true],
    ["*acme.example/*", "*acme.example", true],
    ["acme.example.evil.example/*", "*acme.example", false],
    ["*/*", "*", true],
    ["{version}-shop.acme.example/*", "*.acme.example", true],
    ["{version}-shop.acme.example/*", "shop.acme.example", false],
    ["{version}-shop.acme.example/*", "*.shop.acme.example", false],
    ["{version}-shop.acme.example/*", "*shop.acme.example", false],
    ["{version}-acme.example/*", "*acme.example", false],
  ];
  for (const [route, host, expected] of rows)
    assert.is(allowed(route, host), expected, `${route} of ${host}`);
  assert.is(allowed("acme.example/*"), false);
  checkClaims(["anything.example/*"], undefined);
});

test("a host refuses routes on hosts that are not the account's, at deploy and later, and changes nothing", async () => {
  await using host = await createHost({ accounts: { acme: { hosts: ["*.acme.example"] } } });
  const content = "export default { fetch: () => new Response('hi') }";
  const upload = (account: string, route: string): Parameters<typeof host.deploy>[0] => ({
    account,
    name: "w",
    main: "i.js",
    modules: [{ name: "i.js", type: "esm", content }],
    routes: [route],
  });
  const codeOf = async (promise: Promise<unknown>): Promise<unknown> =>
    await promise.then(
      () => "done",
      (error: { code?: string }) => error.code,
    );
  assert.is(await codeOf(host.deploy(upload("acme", "bank.example/*"))), "ROUTE_NOT_ALLOWED");
  assert.is(host.worker("w", "acme"), undefined);
  assert.is(await codeOf(host.deploy(upload("acme", "shop.acme.example/*"))), "done");
  assert.is(await codeOf(host.control.setRoutes("w", ["bank.example/*"], "acme")), "ROUTE_NOT_ALLOWED");
  assert.equal(host.control.worker("w", "acme")?.routes, ["shop.acme.example/*"]);
  assert.is(await codeOf(host.deploy(upload("other", "bank.example/*"))), "done");
  assert.is(await codeOf(createHost({ accounts: { acme: { hosts: ["a b"] } } })), "INVALID_OPTIONS");
});

test.run();
