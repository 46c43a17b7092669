import { test } from "uvu";
import * as assert from "uvu/assert";
import { Crypto as OwnCrypto, crypto as own } from "../../../runtime-api/crypto/crypto.ts";
import "../../../runtime-api/crypto/subtle-crypto.ts";
import { standInIo } from "../stand-in-io.ts";

async function failure(run: () => unknown): Promise<string> {
  try {
    await run();
    return "nothing";
  } catch (error) {
    return (error as Error).name;
  }
}

test("crypto.getRandomValues() fills integer views from a pool, and refuses others", async () => {
  const seen = standInIo();
  const first = own.getRandomValues(new Uint32Array(8));
  const second = own.getRandomValues(new Uint32Array(8));
  assert.not.equal([...first], [...second]);
  assert.ok(seen.asked <= 1);
  const large = own.getRandomValues(new Uint8Array(65_536));
  assert.ok(new Set(large).size > 200);
  assert.is(await failure(() => own.getRandomValues(new Uint8Array(65_537))), "QuotaExceededError");
  assert.is(await failure(() => own.getRandomValues(new Float64Array(1))), "TypeMismatchError");
  assert.is(await failure(() => own.getRandomValues(new DataView(new ArrayBuffer(1)))), "TypeMismatchError");
  assert.is(await failure(() => own.getRandomValues({} as never)), "TypeError");
});

test("crypto.randomUUID() gives version 4 UUIDs, all different", () => {
  standInIo();
  const seen = new Set<string>();
  for (let i = 0; i < 1_000; i++) {
    const uuid = own.randomUUID();
    assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    seen.add(uuid);
  }
  assert.is(seen.size, 1_000);
});

test("crypto refuses random values in the global scope", async () => {
  const seen = standInIo();
  own.randomUUID();
  seen.inEvent = false;
  assert.throws(() => own.randomUUID(), /global scope/);
  assert.throws(() => own.getRandomValues(new Uint8Array(1)), /global scope/);
});

test("crypto.subtle.digest() agrees with Node's for each algorithm", async () => {
  standInIo();
  const data = new TextEncoder().encode("x-hello").subarray(2);
  for (const name of ["SHA-1", "sha-256", "SHA-384", "SHA-512"]) {
    const ours = new Uint8Array(await own.subtle.digest({ name }, data));
    assert.equal([...ours], [...new Uint8Array(await crypto.subtle.digest(name, data))]);
  }
  const md5 = new Uint8Array(await own.subtle.digest("MD5", data));
  assert.is(Buffer.from(md5).toString("hex"), "5d41402abc4b2a76b9719d911017c592");
  assert.is(await failure(() => own.subtle.digest("SHA-3", data)), "NotSupportedError");
  assert.is(await failure(() => own.subtle.digest("SHA-1", "text" as never)), "TypeError");
});

test("crypto.subtle.timingSafeEqual() compares bytes", () => {
  const a = new Uint8Array([1, 2]);
  assert.is(own.subtle.timingSafeEqual(a, new Uint8Array([1, 2]).buffer), true);
  assert.is(own.subtle.timingSafeEqual(a, new Uint8Array([1, 3])), false);
  assert.throws(() => own.subtle.timingSafeEqual(a, new Uint8Array(1)), /same byte length/);
  assert.throws(() => new OwnCrypto(), /Illegal constructor/);
});

test.run();
