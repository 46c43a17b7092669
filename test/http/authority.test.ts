import { test } from "uvu";
import * as assert from "uvu/assert";
import { normalizeAuthority } from "../../src/http/authority.ts";
import { collectGarbage } from "../collect-garbage.ts";

const MIB = 1024 * 1024;

function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test("normalizeAuthority() writes hosts in one way, and knows what is none", () => {
  for (const [host, authority] of [
    ["Example.COM", "example.com"],
    ["example.com:80", "example.com"],
    ["example.com:8080", "example.com:8080"],
    ["[::1]", "[::1]"],
    ["a b", null],
    ["1.2.3.999", null],
  ] as const)
    for (let again = 0; again < 2; again++) assert.is(normalizeAuthority("http", host), authority);
});

test("normalizeAuthority() does not keep long hosts, which no honest client has", () => {
  const before = heldBytes();
  for (let i = 0; i < 900; i++) normalizeAuthority("http", `${i}.${"a".repeat(16_000)}`);
  assert.ok(heldBytes() - before < 4 * MIB);
});

test.run();
