import { test } from "uvu";
import * as assert from "uvu/assert";
import { createAddressPolicy } from "../../src/egress/address-policy.ts";

const NONE = { allowAddresses: [], denyAddresses: [], allowPrivate: false };

const PUBLIC = [
  "1.1.1.1",
  "8.8.8.8",
  "93.184.215.14",
  "172.15.0.1",
  "172.32.0.1",
  "100.63.255.255",
  "100.128.0.1",
  "2606:4700:4700::1111",
  "2001:4860:4860::8888",
  "::ffff:8.8.8.8",
  "::ffff:808:808",
];

const NOT_PUBLIC = [
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "10.255.255.255",
  "100.64.0.1",
  "100.127.255.255",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.1",
  "192.0.2.1",
  "192.88.99.1",
  "192.168.1.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.255.255.255",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::127.0.0.1",
  "::7f00:1",
  "::8.8.8.8",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::ffff:10.0.0.1",
  "::ffff:169.254.169.254",
  "::ffff:0:127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b::8.8.8.8",
  "64:ff9b:1::1",
  "64:ff9b:1:ffff::7f00:1",
  "100::1",
  "2001::1",
  "2001:0:7f00:1::",
  "2001:2::1",
  "2001:10::1",
  "2001:20::1",
  "2001:db8::1",
  "2002:7f00:1::1",
  "2002::1",
  "3fff::1",
  "5f00::1",
  "fc00::1",
  "fd00::1",
  "fdff:ffff::1",
  "fe80::1",
  "fec0::1",
  "ff02::1",
  "ff0e::1",
  "4000::1",
  "e000::1",
  "",
  "localhost",
  "127.1",
  "0x7f.1",
  "2130706433",
  "017700000001",
  "1.2.3",
  "1.2.3.4.5",
  "256.1.1.1",
  "fe80::1%lo",
  "[::1]",
  "::g",
];

for (const address of PUBLIC) {
  test(`createAddressPolicy() lets ${address} through`, () => {
    assert.ok(createAddressPolicy(NONE)(address));
  });
}

for (const address of NOT_PUBLIC) {
  test(`createAddressPolicy() refuses "${address}"`, () => {
    assert.not(createAddressPolicy(NONE)(address));
  });
}

test("createAddressPolicy() takes the operator's exceptions, in any spelling", () => {
  const allows = createAddressPolicy({ ...NONE, allowAddresses: ["127.0.0.1/32", "fd00::/8", "10.1.2.3"] });
  for (const address of ["127.0.0.1", "::ffff:127.0.0.1", "fd12::1", "10.1.2.3"])
    assert.ok(allows(address), address);
  for (const address of ["127.0.0.2", "10.1.2.4", "fc00::1", "::1", "64:ff9b::7f00:1"])
    assert.not(allows(address), address);
});

test("createAddressPolicy() lets a denial win over all else", () => {
  const allows = createAddressPolicy({
    allowAddresses: ["8.0.0.0/8"],
    denyAddresses: ["8.8.8.0/24"],
    allowPrivate: true,
  });
  assert.not(allows("8.8.8.8"));
  assert.not(allows("::ffff:8.8.8.8"));
  assert.ok(allows("8.8.4.4"));
});

test("createAddressPolicy() opens private networks, but no multicast, where it is told to", () => {
  const allows = createAddressPolicy({ ...NONE, allowPrivate: true });
  for (const address of ["127.0.0.1", "10.0.0.1", "::1", "169.254.169.254"])
    assert.ok(allows(address), address);
  for (const address of ["224.0.0.1", "ff02::1", "255.255.255.255"]) assert.not(allows(address), address);
});

test("createAddressPolicy() says which range is malformed", () => {
  for (const range of ["localhost", "10.0.0.0/33", "::/129", "10.0.0.0/x", ""]) {
    assert.throws(
      () => createAddressPolicy({ ...NONE, allowAddresses: [range] }),
      ({ message }: Error) => message.includes(`"${range}"`),
    );
  }
});

test.run();
