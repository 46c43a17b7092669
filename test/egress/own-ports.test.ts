import { networkInterfaces } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseAddress } from "../../src/egress/address.ts";
import { createAddressPolicy } from "../../src/egress/address-policy.ts";
import { UNREACHABLE } from "../../src/egress/egress-error.ts";
import { OwnPorts } from "../../src/egress/own-ports.ts";
import { listen } from "../http/edge-fixture.ts";
import { failure, fetchWith, httpOrigin, openEgress } from "./egress-fixture.ts";

const REFUSED = `TypeError: ${UNREACHABLE}`;
const EVERYTHING = { allowAddresses: ["0.0.0.0/0", "::/0"], allowPrivate: true };

test("OwnPorts.holds() knows a port by every address of the machine, and only while it is claimed", () => {
  const face = { netmask: "", mac: "", internal: false, cidr: null };
  const own = new OwnPorts(() => ({
    eth0: [
      { ...face, address: "93.184.215.14", family: "IPv4" },
      { ...face, address: "2606:4700::1%eth0", family: "IPv6", scopeid: 2 },
    ],
  }));
  const holds = (address: string, port = 80): boolean => own.holds(parseAddress(address)!, port);
  assert.not(holds("93.184.215.14"));
  const release = own.claim(80);
  const again = own.claim(80);
  const OURS = [
    "93.184.215.14",
    "::ffff:93.184.215.14",
    "2606:4700::1",
    "127.0.0.1",
    "127.9.9.9",
    "::1",
    "0.0.0.0",
    "::",
  ];
  for (const address of OURS) assert.ok(holds(address), address);
  for (const address of ["93.184.215.15", "2606:4700::2", "10.0.0.1"]) assert.not(holds(address), address);
  assert.not(holds("93.184.215.14", 81));
  release();
  release();
  assert.ok(holds("127.0.0.1"), "the other claim is there still");
  again();
  assert.not(holds("127.0.0.1"));
});

test("OwnPorts sees an address that the machine gets later", async () => {
  let address = "93.184.215.14";
  const face = { netmask: "", mac: "", internal: false, cidr: null, family: "IPv4" as const };
  const own = new OwnPorts(() => ({ eth0: [{ ...face, address }] }));
  own.claim(80);
  assert.not(own.holds(parseAddress("8.8.8.8")!, 80));
  address = "8.8.8.8";
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  assert.ok(own.holds(parseAddress("8.8.8.8")!, 80));
});

test("OwnPorts.meets() knows a connection that came back by an address that no interface shows", () => {
  const own = new OwnPorts(() => ({}));
  own.claim(80);
  assert.ok(own.meets("203.0.113.9", "203.0.113.9", 80));
  assert.not(own.meets("203.0.113.8", "203.0.113.9", 80));
  assert.not(own.meets("203.0.113.9", "203.0.113.9", 81));
});

test("createAddressPolicy() opens a port of the host only where a rule names it", () => {
  const own = new OwnPorts(() => ({}));
  own.claim(8080);
  const policy = (...allowAddresses: string[]): ReturnType<typeof createAddressPolicy> =>
    createAddressPolicy({ allowAddresses, denyAddresses: [], allowPrivate: true }, own);
  assert.not(policy("127.0.0.0/8")("127.0.0.1", 8080));
  assert.ok(policy("127.0.0.0/8")("127.0.0.1", 8081));
  assert.not(policy("127.0.0.1:8081")("127.0.0.1", 8080));
  assert.ok(policy("127.0.0.1:8080")("127.0.0.1", 8080));
  assert.ok(policy("127.0.0.0/8:8000-8100")("127.0.0.1", 8080));
  const denied = createAddressPolicy(
    { allowAddresses: ["127.0.0.1:8080"], denyAddresses: ["127.0.0.0/8"], allowPrivate: false },
    own,
  );
  assert.not(denied("127.0.0.1", 8080));
});

test("Egress.fetch() never reaches a listener of the host, by any address of the machine", async () => {
  let reached = 0;
  const handle = (): { body: string } => {
    reached += 1;
    return { body: "secret" };
  };
  await using listener = await listen(handle, { hostname: "0.0.0.0" });
  await using egress = openEgress({ ...EVERYTHING, resolve: async () => ["127.0.0.1"] });
  const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const ours = others.filter(({ family }) => family === "IPv4").map(({ address }) => address);
  const SPELLINGS = [
    "127.0.0.1",
    "127.8.8.8",
    "2130706433",
    "0.0.0.0",
    "0",
    "0.1.2.3",
    "[::ffff:127.0.0.1]",
    "name.example",
  ];
  for (const host of [...SPELLINGS, ...ours]) {
    const url = `${host}:${listener.port}/`;
    assert.is(await failure(fetchWith(egress, `http://${url}`)), REFUSED, url);
    const context = {
      account: "a",
      signal: new AbortController().signal,
      limits: { socketMessageBytes: 1, egressResponseBytes: 1 },
      openStream: () => 2,
      openSocket: () => 4,
      readBody: () => null,
    };
    assert.is(await failure(egress.connect([`ws://${url}`, "", false], context)), REFUSED, url);
  }
  assert.is(reached, 0);
  await using other = await httpOrigin((_request, response) => void response.end("other"));
  assert.is(
    await (await fetchWith(egress, `${other.url}/`)).text(),
    "other",
    "another server of the machine",
  );
  await using explicit = openEgress({ allowAddresses: [`127.0.0.1:${listener.port}`] });
  assert.is(await (await fetchWith(explicit, `http://127.0.0.1:${listener.port}/`)).text(), "secret");
});

test("a port is free for workers again once its listener is closed", async () => {
  const listener = await listen(() => ({}));
  const own = listener.port;
  const policy = createAddressPolicy({ ...EVERYTHING, denyAddresses: [] });
  assert.not(policy("127.0.0.1", own));
  await listener.close(0);
  assert.ok(policy("127.0.0.1", own));
});

test.run();
