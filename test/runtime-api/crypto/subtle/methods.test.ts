import type { webcrypto } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { structuredClone } from "../../../../runtime-api/clone/structured-clone.ts";
import { inspect } from "../../../../runtime-api/console/inspect.ts";
import type { CryptoKey } from "../../../../runtime-api/crypto/crypto-key.ts";
import { CryptoKey as KeyClass } from "../../../../runtime-api/crypto/crypto-key.ts";
import { subtle, SubtleCrypto } from "../../../../runtime-api/crypto/subtle-crypto.ts";
import type { CryptoKeyPair } from "../../../../runtime-api/crypto/subtle/call-host.ts";
import { hostCrypto } from "../host-crypto.ts";
import { ofKind } from "../../../of-kind.ts";

const DATA = new TextEncoder().encode("what is signed");

async function failure(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "nothing",
    (error: unknown) => (error as Error).name,
  );
}

async function hmacKey(usages = ["sign", "verify"]): Promise<CryptoKey> {
  return (await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, usages)) as CryptoKey;
}

test("subtle signs and verifies, and agrees with Node", async () => {
  await using host = hostCrypto();
  const key = await hmacKey();
  const signature = await subtle.sign("HMAC", key, DATA);
  const jwk = (await subtle.exportKey("jwk", key)) as webcrypto.JsonWebKey;
  const nodes = await crypto.subtle.importKey("jwk", jwk, { name: "HMAC", hash: "SHA-256" }, true, ["sign"]);
  assert.equal(signature, await crypto.subtle.sign("HMAC", nodes, DATA));
  assert.is(await subtle.verify("HMAC", key, signature, DATA), true);
  assert.is(await subtle.verify({ name: "hmac" }, key, signature, DATA.subarray(1)), false);
  assert.ok(host.tenant.chargedUs > 0);
});

test("subtle encrypts, derives, wraps and unwraps", async () => {
  await using _ = hostCrypto();
  const make = async (): Promise<CryptoKeyPair> =>
    (await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveKey"])) as CryptoKeyPair;
  const [ours, theirs] = [await make(), await make()];
  const derive = async (mine: CryptoKeyPair, peer: CryptoKeyPair): Promise<CryptoKey> =>
    (await subtle.deriveKey(
      { name: "ECDH", public: peer.publicKey },
      mine.privateKey,
      { name: "AES-GCM", length: 256 },
      false,
      ["encrypt", "decrypt", "wrapKey", "unwrapKey"],
    )) as CryptoKey;
  const [one, other] = [await derive(ours, theirs), await derive(theirs, ours)];
  const iv = new Uint8Array(12);
  const cipher = { name: "AES-GCM", iv, additionalData: new Uint8Array([1]), tagLength: 128 };
  const secret = await subtle.encrypt(cipher, one, DATA);
  assert.equal(new Uint8Array(await subtle.decrypt(cipher, other, secret)), DATA);
  assert.is(await failure(subtle.decrypt({ name: "AES-GCM", iv }, other, secret)), "OperationError");
  const inner = await hmacKey();
  const wrapped = await subtle.wrapKey("jwk", inner, one, { name: "AES-GCM", iv });
  const unwrapped = (await subtle.unwrapKey(
    "jwk",
    wrapped,
    other,
    { name: "AES-GCM", iv },
    { name: "HMAC", hash: "SHA-256" },
    true,
    ["sign"],
  )) as CryptoKey;
  assert.equal(await subtle.sign("HMAC", unwrapped, DATA), await subtle.sign("HMAC", inner, DATA));
});

test("subtle rejects, in the order of the specification, what is not right", async () => {
  await using host = hostCrypto();
  const key = await hmacKey(["sign"]);
  const before = host.calls.length;
  const bad: [string, Promise<unknown>][] = [
    ["TypeError", (subtle.sign as () => Promise<unknown>).call(subtle)],
    ["TypeError", subtle.sign.call({} as SubtleCrypto, "HMAC", key, DATA)],
    ["TypeError", subtle.sign("HMAC", {}, DATA)],
    ["TypeError", subtle.sign("no algorithm", key, "text")],
    ["NotSupportedError", subtle.sign("no algorithm", key, DATA)],
    ["NotSupportedError", subtle.sign("AES-GCM", key, DATA)],
    ["NotSupportedError", subtle.sign("HMA\u0421", key, DATA)],
    ["TypeError", subtle.sign({}, key, DATA)],
    ["TypeError", subtle.sign({ name: "RSA-PSS" }, key, DATA)],
    ["TypeError", subtle.sign({ name: "RSA-PSS", saltLength: -1 }, key, DATA)],
    ["TypeError", subtle.sign({ name: "RSA-PSS", saltLength: Infinity }, key, DATA)],
    ["TypeError", subtle.encrypt({ name: "AES-GCM", iv: "text" }, key, DATA)],
    ["TypeError", subtle.encrypt({ name: "AES-CTR", counter: DATA, length: 256 }, key, DATA)],
    ["TypeError", subtle.generateKey({ name: "AES-GCM", length: 128 }, true, ["fly"])],
    ["TypeError", subtle.generateKey({ name: "AES-GCM", length: 128 }, true, "sign")],
    ["NotSupportedError", subtle.generateKey({ name: "HMAC", hash: "SHA-3" }, true, ["sign"])],
    ["NotSupportedError", subtle.generateKey({ name: "HMAC", hash: "MD5" }, true, ["sign"])],
    [
      "TypeError",
      subtle.generateKey(
        { name: "RSA-PSS", modulusLength: 2048, hash: "SHA-1", publicExponent: [3] },
        true,
        [],
      ),
    ],
    ["TypeError", subtle.importKey("pem", DATA, "HKDF", false, [])],
    ["TypeError", subtle.importKey("raw", 5, "HKDF", false, [])],
    ["TypeError", subtle.importKey("raw", {}, "HKDF", false, [])],
    ["TypeError", subtle.importKey("jwk", DATA, "HKDF", false, [])],
    ["NotSupportedError", subtle.importKey("jwk", DATA, "nothing", false, [])],
    ["TypeError", subtle.importKey("jwk", { key_ops: "sign" }, "HKDF", false, [])],
    ["TypeError", subtle.deriveBits({ name: "ECDH", public: {} }, key, 8)],
    ["NotSupportedError", subtle.digest("SHA-3", DATA)],
    ["TypeError", subtle.digest("SHA-3", "text")],
  ];
  for (const [index, [name, promise]] of bad.entries())
    assert.is(await failure(promise), name, `case ${index}`);
  assert.is(host.calls.length, before);
  // What keys allow is known to the host alone.
  const signature = new Uint8Array(32);
  assert.is(await failure(subtle.verify("HMAC", key, signature, DATA)), "InvalidAccessError");
  assert.is(await failure(subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, DATA)), "InvalidAccessError");
  assert.is(await failure(subtle.generateKey({ name: "AES-GCM", length: 7 }, true, [])), "OperationError");
});

test("subtle takes bytes as they are when it is called", async () => {
  await using _ = hostCrypto();
  const key = await hmacKey();
  const data = DATA.slice();
  const signing = subtle.sign("HMAC", key, data);
  data.fill(0);
  assert.equal(await signing, await subtle.sign("HMAC", key, DATA));
});

test("subtle's methods have the shape that Web IDL gives them", () => {
  const lengths = {
    ...{ encrypt: 3, decrypt: 3, sign: 3, verify: 4, digest: 2, generateKey: 3, deriveKey: 5, deriveBits: 2 },
    ...{ importKey: 5, exportKey: 2, wrapKey: 4, unwrapKey: 7 },
  };
  for (const [name, length] of Object.entries(lengths)) {
    const method = (SubtleCrypto.prototype as unknown as Record<string, Function>)[name];
    assert.is(method?.length, length, name);
    assert.is(method?.name, name);
  }
  assert.throws(() => new SubtleCrypto(), /Illegal constructor/);
  assert.throws(() => new KeyClass(), /Illegal constructor/);
});

test("CryptoKey shows what may be known, always as the same objects", async () => {
  await using _ = hostCrypto();
  const pair = (await subtle.generateKey(
    {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "sha-256",
    },
    false,
    ["sign", "verify"],
  )) as CryptoKeyPair;
  const { publicKey: key } = pair;
  assert.equal(JSON.parse(JSON.stringify(key.algorithm)), {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 2048,
    publicExponent: { 0: 1, 1: 0, 2: 1 },
    hash: { name: "SHA-256" },
  });
  assert.equal(key.usages, ["verify"]);
  assert.is(key.algorithm, key.algorithm);
  assert.is(key.usages, key.usages);
  assert.equal([key.type, key.extractable], ["public", true]);
  assert.equal([pair.privateKey.type, pair.privateKey.extractable], ["private", false]);
  assert.is(Object.prototype.toString.call(key), "[object CryptoKey]");
  assert.match(inspect(key), /^CryptoKey \{\s+type: ["']public["']/);
  const { get } = Object.getOwnPropertyDescriptor(KeyClass.prototype, "type") as PropertyDescriptor;
  assert.throws(() => get?.call({}), ofKind(TypeError));
});

test("structuredClone copies a CryptoKey, which still means the same key", async () => {
  await using _ = hostCrypto();
  const key = await hmacKey();
  const copy = structuredClone({ key }).key;
  assert.is.not(copy, key);
  assert.equal(await subtle.sign("HMAC", copy, DATA), await subtle.sign("HMAC", key, DATA));
  assert.throws(() => structuredClone(Object.create(KeyClass.prototype)), /could not be cloned/);
});

test.run();
