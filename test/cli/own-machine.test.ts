import { networkInterfaces } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isLoopback, isOwnMachine, reachableHost } from "../../src/cli/own-machine.ts";

test("isLoopback knows addresses and the name that only this machine reaches", () => {
  for (const address of ["127.0.0.1", "127.8.9.10", "::1", "0:0:0:0:0:0:0:1", "localhost", "LOCALHOST"])
    assert.ok(isLoopback(address), address);
  for (const address of ["0.0.0.0", "::", "128.0.0.1", "10.0.0.7", "fe80::1", "skerry.example.com", ""])
    assert.not.ok(isLoopback(address), address);
});

test("isOwnMachine knows each address that this machine has, and no other", () => {
  for (const { address } of Object.values(networkInterfaces()).flatMap((all) => all ?? []))
    assert.ok(isOwnMachine(address), address);
  for (const address of ["192.0.2.7", "2001:db8::7", ""]) assert.not.ok(isOwnMachine(address), address);
});

test("reachableHost gives a host for URLs to what listens anywhere", () => {
  assert.equal(
    ["0.0.0.0", "::", "0:0:0:0:0:0:0:0", "::1", "10.0.0.7", "skerry.internal"].map(reachableHost),
    ["127.0.0.1", "[::1]", "[::1]", "[::1]", "10.0.0.7", "skerry.internal"],
  );
});

test.run();
