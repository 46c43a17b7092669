import { test } from "uvu";
import * as assert from "uvu/assert";
import { UNREACHABLE } from "../../src/egress/egress-error.ts";
import { failure, fetchWith, httpOrigin, openEgress } from "./egress-fixture.ts";

const REFUSED = `TypeError: ${UNREACHABLE}`;

/** IPv4 addresses that no worker may reach, of every kind. */
const V4 = [
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "100.100.100.200",
  "192.0.0.192",
  "198.18.0.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "168.63.129.16",
];

/** IPv6 addresses that are no disguise of IPv4. */
const V6 =
  "::|::1|0:0:0:0:0:0:0:1|::0001|fc00::1|fd00::1|fd00:ec2::254|fd20:ce::254|fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff|fe80::1|febf::1|fec0::1|ff02::1|ff05::2|ff0e::1|100::1|2001:db8::1|2001:2::1|2001:10::1|3fff::1|5f00::1|64:ff9b:1::1".split(
    "|",
  );

/** All ways to write an IPv4 address in the host of a URL. */
function spell(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const hex = (value: number): string => `0x${value.toString(16)}`;
  const octal = (value: number): string => `0${value.toString(8)}`;
  const words = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  const wide = address
    .replaceAll(".", "。")
    .replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  return [
    address,
    `${address}.`,
    String(whole),
    hex(whole),
    octal(whole),
    [a, b, c, d].map(hex).join("."),
    [a, b, c, d].map(octal).join("."),
    `${hex(a)}.${b}.${octal(c)}.${d}`,
    `${a}.${b}.${(c << 8) | d}`,
    `${a}.${(b << 16) | (c << 8) | d}`,
    wide,
    address.replaceAll(".", "%2e"),
    `[::ffff:${address}]`,
    `[::ffff:${words}]`,
    `[0:0:0:0:0:ffff:${words}]`,
    `[::${address}]`,
    `[64:ff9b::${words}]`,
    `[64:ff9b:1::${words}]`,
    `[2002:${words}::1]`,
    `[2001:0:${words}::1]`,
    `[::ffff:0:${words}]`,
  ];
}

const HOSTS = [...V4.flatMap(spell), ...V6.map((address) => `[${address}]`)];

test("Egress.fetch() refuses every spelling of every special address, with one text and no connection", async () => {
  assert.ok(HOSTS.length > 300);
  let reached = 0;
  await using origin = await httpOrigin((_request, response) => {
    reached += 1;
    response.end("secret");
  });
  const asked: string[] = [];
  await using egress = openEgress({
    allowAddresses: [],
    resolve: async (name) => (asked.push(name), []),
  });
  for (const host of HOSTS)
    assert.is(await failure(fetchWith(egress, `http://${host}:${origin.port}/`)), REFUSED, host);
  assert.is(reached, 0);
  assert.equal(asked, [], "all of them are addresses");
});

test("Egress.fetch() refuses a name for whatever special address it stands", async () => {
  let address = "";
  await using egress = openEgress({ allowAddresses: [], resolve: async () => [address] });
  const names = [
    "localhost",
    "LOCALHOST.",
    "127.0.0.1.nip.io",
    "metadata.google.internal",
    "a.localhost",
    "ⓛocalhost",
  ];
  for (address of [...V4, ...V6, ...V4.map((plain) => `::ffff:${plain}`)])
    for (const name of names)
      assert.is(await failure(fetchWith(egress, `http://${name}/`)), REFUSED, `${name} ${address}`);
});

test.run();
