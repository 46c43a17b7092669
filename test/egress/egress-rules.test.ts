import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEgress } from "../../src/egress/egress.ts";
import { UNREACHABLE } from "../../src/egress/egress-error.ts";
import { accountRules, createPermits, type EgressRules } from "../../src/egress/egress-rules.ts";
import { failure, fetchWith, httpOrigin, openEgress, type Origin } from "./egress-fixture.ts";

const REFUSED = `TypeError: ${UNREACHABLE}`;

function permits(host: EgressRules, own: EgressRules, ...asked: readonly [string, string, number]): boolean {
  return createPermits({ ...accountRules(host, own), allowPrivate: false })(...asked);
}

test("createPermits() allows everything public where no rule says otherwise", () => {
  assert.ok(permits({}, {}, "a.example", "8.8.8.8", 443));
  assert.not(permits({}, {}, "a.example", "10.0.0.1", 443));
});

test("createPermits() in mode listed allows only what is listed, and never a special address by its name", () => {
  const rules: EgressRules = { mode: "listed", allow: ["*.example.com:443", "8.8.8.0/24", "db.internal"] };
  assert.ok(permits(rules, {}, "api.example.com", "1.1.1.1", 443));
  assert.not(permits(rules, {}, "api.example.com", "1.1.1.1", 80));
  assert.not(permits(rules, {}, "example.com", "1.1.1.1", 443));
  assert.ok(permits(rules, {}, "other.example", "8.8.8.8", 80));
  assert.not(permits(rules, {}, "db.internal", "10.0.0.1", 5000));
  assert.ok(permits({ ...rules, allowAddresses: ["10.0.0.0/8"] }, {}, "db.internal", "10.0.0.1", 5000));
  assert.not(permits({ ...rules, allowAddresses: ["10.0.0.0/8"] }, {}, "x.example", "10.0.0.1", 5000));
  assert.not(permits({ mode: "listed" }, {}, "a.example", "8.8.8.8", 443));
});

test("createPermits() lets denials win", () => {
  const rules: EgressRules = {
    mode: "listed",
    allow: ["*"],
    deny: ["*.evil.example", "8.8.4.4", "*:8080", "1.1.1.0/24:80"],
  };
  assert.ok(permits(rules, {}, "evil.example", "8.8.8.8", 443));
  assert.not(permits(rules, {}, "a.evil.example.", "8.8.8.8", 443));
  assert.not(permits(rules, {}, "a.example", "8.8.4.4", 443));
  assert.not(permits(rules, {}, "a.example", "8.8.8.8", 8080));
  assert.not(permits(rules, {}, "a.example", "1.1.1.1", 80));
  assert.ok(permits(rules, {}, "a.example", "1.1.1.1", 443));
});

test("accountRules() gives an account its own rules in place of the host's, but adds up denials", () => {
  const host: EgressRules = {
    allowAddresses: ["10.0.0.0/8"],
    deny: ["bad.example"],
    denyAddresses: ["8.8.4.4"],
  };
  const own: EgressRules = {
    mode: "listed",
    allow: ["a.example"],
    allowAddresses: [],
    deny: ["a.example:81"],
  };
  assert.ok(permits(host, {}, "a.example", "10.0.0.1", 80));
  assert.not(permits(host, own, "a.example", "10.0.0.1", 80));
  assert.ok(permits(host, own, "a.example", "8.8.8.8", 80));
  assert.not(permits(host, own, "a.example", "8.8.8.8", 81));
  assert.not(permits(host, own, "a.example", "8.8.4.4", 80));
  assert.not(permits(host, { deny: [], denyAddresses: [] }, "bad.example", "8.8.8.8", 80));
  assert.not(permits(host, own, "bad.example", "8.8.8.8", 80));
});

test("createEgress() says which rule of an account is wrong", () => {
  assert.throws(() => createEgress({ accounts: { b: { deny: ["a b"] } } }), '"a b"');
  assert.throws(() => createEgress({ accounts: { b: { allowAddresses: ["x"] } } }), '"x"');
});

test("fetches are charged only where accounts may be held to a pace", async () => {
  await using origin = await httpOrigin((_, response) => void response.end("hello"));
  const charged: [string, number][] = [];
  const spent = (account: string, cpuUs: number): void => void charged.push([account, cpuUs]);
  for (const heldMs of [undefined, () => 0]) {
    const egress = createEgress({ allowAddresses: ["127.0.0.1"] }, spent, heldMs);
    assert.is(await (await fetchWith(egress, origin.url)).text(), "hello");
    await egress.close();
    assert.equal(charged, heldMs === undefined ? [] : [["a", 200]]);
  }
});

async function connectTo(
  egress: ReturnType<typeof createEgress>,
  account: string,
  url: string,
): Promise<unknown> {
  return await egress.connect([url, "", false], {
    account,
    signal: new AbortController().signal,
    limits: { socketMessageBytes: 1_000, egressResponseBytes: 1_000 },
    openStream: (source) => (void source.cancel(), 2),
    openSocket: () => 4,
    readBody: () => null,
  });
}

test("Egress keeps each account to its rules: fetch, redirects and WebSockets alike", async () => {
  let seen: string[] = [];
  await using origin: Origin = await httpOrigin((request, response) => {
    seen.push(request.headers.host!);
    if (request.url === "/hop")
      response.writeHead(302, { location: `http://closed.example:${origin.port}/` });
    response.end("ok");
  });
  await using egress = openEgress({
    resolve: async () => ["127.0.0.1"],
    deny: ["denied.example"],
    accounts: {
      listed: { mode: "listed", allow: [`open.example:${origin.port}`] },
      denied: { deny: ["open.example"] },
      none: { mode: "listed" },
    },
  });
  const at = (name: string, path = "/"): string => `http://${name}.example:${origin.port}${path}`;
  const asked: [account: string, url: string, isAllowed: boolean][] = [
    ["plain", at("open"), true],
    ["plain", at("denied"), false],
    ["listed", at("open"), true],
    ["listed", at("OPEN"), true],
    ["listed", at("closed"), false],
    ["listed", at("denied"), false],
    ["listed", at("open", "/hop"), false],
    ["listed", `http://127.0.0.1:${origin.port}/`, false],
    ["denied", at("open"), false],
    ["denied", at("closed"), true],
    ["none", at("open"), false],
    ["toString", at("open"), true],
  ];
  for (const [account, url, isAllowed] of asked) {
    const label = `${account} ${url}`;
    seen = [];
    // A connection that another account keeps open must not serve this one.
    if (isAllowed) assert.is(await (await fetchWith(egress, url, { account })).text(), "ok", label);
    else assert.is(await failure(fetchWith(egress, url, { account })), REFUSED, label);
    assert.is(seen.length, isAllowed || url.endsWith("/hop") ? 1 : 0, label);
    if (url.endsWith("/hop")) continue;
    const socket = connectTo(egress, account, url.replace("http", "ws"));
    if (isAllowed) await socket;
    else assert.is(await failure(socket), REFUSED, `socket ${label}`);
  }
});

test("Egress gives each account connections of its own", async () => {
  const ports = new Map<string, Set<number>>();
  await using origin = await httpOrigin((request, response) => {
    const name = request.headers["x-account"] as string;
    ports.set(name, (ports.get(name) ?? new Set()).add(request.socket.remotePort!));
    response.end();
  });
  await using egress = openEgress();
  for (let i = 0; i < 3; i += 1)
    for (const account of ["a", "b"])
      await fetchWith(egress, `${origin.url}/`, { account, headers: `x-account\n${account}` });
  assert.is(ports.get("a")!.intersection(ports.get("b")!).size, 0);
  assert.is(ports.get("a")!.size, 1, "and it uses them again");
});

test.run();
