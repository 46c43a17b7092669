import { test } from "uvu";
import * as assert from "uvu/assert";
import { cryptoCostUs } from "../../../src/bindings/crypto/crypto-cost.ts";
import { readCryptoRequest } from "../../../src/bindings/crypto/crypto-request.ts";
import { keyFacts, type KeyFacts } from "../../../src/bindings/crypto/key-facts.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";

function cost(key: KeyFacts | undefined, method: string, ...args: Flat[]): number {
  return cryptoCostUs(readCryptoRequest(method, args), { key, otherKey: key });
}

const HKDF = keyFacts({ name: "PBKDF2" }, 16);

test("cryptoCostUs counts PBKDF2 by iterations and blocks of output", () => {
  const derive = (iterations: number, bits: number): number =>
    cost(
      HKDF,
      "deriveBits",
      ...[4, "name", "PBKDF2", "hash", "SHA-256", "iterations", iterations, "salt", new Uint8Array(8)],
      ...[1, bits],
    );
  assert.ok(derive(100_000, 256) > 15_000);
  assert.ok(derive(200_000, 256) > 1.9 * derive(100_000, 256));
  assert.ok(derive(100_000, 512) > 1.9 * derive(100_000, 256));
});

test("cryptoCostUs counts RSA by the modulus, and huge public exponents as private ones", () => {
  const rsa = (bits: number, exponentBytes: number): KeyFacts =>
    keyFacts(
      {
        name: "RSA-PSS",
        modulusLength: bits,
        publicExponent: new Uint8Array(exponentBytes),
        hash: "SHA-256",
      },
      0,
    );
  const sign = (bits: number): number =>
    cost(rsa(bits, 3), "sign", 2, "name", "RSA-PSS", "saltLength", 32, 1, new Uint8Array(32));
  const verify = (exponentBytes: number): number =>
    cost(
      rsa(2_048, exponentBytes),
      "verify",
      ...[2, "name", "RSA-PSS", "saltLength", 32, 1, new Uint8Array(256), new Uint8Array(32)],
    );
  assert.ok(sign(4_096) > 4 * sign(2_048));
  assert.ok(verify(256) > 5 * verify(3));
});

test("cryptoCostUs counts every byte", () => {
  const aes = keyFacts({ name: "AES-GCM", length: 256 }, 0);
  const encrypt = (bytes: number): number =>
    cost(aes, "encrypt", ...[2, "name", "AES-GCM", "iv", new Uint8Array(12), 1, new Uint8Array(bytes)]);
  assert.ok(encrypt(8_000_000) - encrypt(0) > 5_000);
  const hash = (bytes: number): number =>
    cost(undefined, "hash", 0, 1, "name", "SHA-512", new Uint8Array(bytes), true);
  assert.ok(hash(8_000_000) - hash(0) > 10_000);
});

test("cryptoCostUs goes by the hash that is used, not by one that the call names beside it", () => {
  const data = new Uint8Array(8_000_000);
  const sign = (key: KeyFacts, hash: string): number =>
    cost(key, "sign", 2, "name", key.name, "hash", hash, 1, data);
  const hmac = keyFacts({ name: "HMAC", hash: "SHA-512" }, 64);
  assert.is(sign(hmac, "SHA-1"), sign(hmac, "SHA-512"));
  assert.ok(sign(hmac, "SHA-1") > 2 * sign(keyFacts({ name: "HMAC", hash: "SHA-256" }, 64), "SHA-256"));
  const ecdsa = keyFacts({ name: "ECDSA", namedCurve: "P-256", hash: "SHA-1" }, 32);
  assert.ok(sign(ecdsa, "SHA-512") > 2 * sign(ecdsa, "SHA-256"));
  const ed = keyFacts({ name: "Ed25519" }, 32);
  assert.is(sign(ed, "SHA-1"), sign(ed, "SHA-512"));
});

test("cryptoCostUs counts the salt of PBKDF2 for each block of output, since each begins with it", () => {
  const derive = (saltBytes: number, bits: number): number =>
    cost(
      HKDF,
      "deriveBits",
      ...[4, "name", "PBKDF2", "hash", "SHA-1", "iterations", 1, "salt", new Uint8Array(saltBytes)],
      ...[1, bits],
    );
  // 1,639 blocks, each of which hashes a quarter of a megabyte.
  assert.ok(derive(256 * 1024, 256 * 1024) > 200_000);
  assert.ok(derive(1024, 256 * 1024) < 5_000);
});

test("cryptoCostUs counts the salt of HKDF, and the bytes of keys that are made", () => {
  const derive = (saltBytes: number): number =>
    cost(
      HKDF,
      "deriveBits",
      ...[4, "name", "HKDF", "hash", "SHA-512", "salt", new Uint8Array(saltBytes), "info", new Uint8Array(0)],
      ...[1, 256],
    );
  assert.ok(derive(8_000_000) - derive(0) > 10_000);
  const make = (bits: number): number =>
    cost(undefined, "generateKey", 3, "name", "HMAC", "hash", "SHA-1", "length", bits, false, "sign");
  assert.ok(make(8 * 1024 * 1024) - make(8) > 500);
});

test.run();
