import { test } from "uvu";
import * as assert from "uvu/assert";
import { keyFacts } from "../../../src/bindings/crypto/key-facts.ts";
import { KEY_BYTES_PER_ISOLATE, KeyRing, KEYS_PER_ISOLATE } from "../../../src/bindings/crypto/key-ring.ts";

const AES = keyFacts({ name: "AES-GCM", length: 256 }, 0);

test("KeyRing numbers keys by itself and never twice", () => {
  const ring = new KeyRing();
  const first = ring.add({ handle: 71, facts: AES });
  assert.is(ring.remove(first), 71);
  assert.is.not(ring.add({ handle: 72, facts: AES }), first);
  assert.is(ring.remove(first), undefined);
  assert.throws(() => ring.key(first), /does not exist any more/);
});

test("KeyRing tells keys from digests", () => {
  const ring = new KeyRing();
  const key = ring.add({ handle: 1, facts: AES });
  const digest = ring.add({ handle: 2, facts: undefined });
  assert.is(ring.key(key).handle, 1);
  assert.is(ring.digest(digest).handle, 2);
  assert.throws(() => ring.digest(key), /does not exist/);
  assert.throws(() => ring.key(digest), /does not exist/);
  assert.equal(ring.clear(), [1, 2]);
});

test("KeyRing has room for so many keys", () => {
  const ring = new KeyRing();
  for (let i = 0; i < KEYS_PER_ISOLATE; i++) {
    ring.reserve([]);
    ring.add({ handle: i, facts: AES });
  }
  assert.throws(() => ring.reserve([AES]), /Too many keys/);
  ring.remove(1);
  ring.reserve([]);
});

test("KeyRing has room for so many bytes of keys", () => {
  const ring = new KeyRing();
  const megabyte = keyFacts({ name: "HKDF" }, 1024 * 1024);
  let made = 0;
  for (; made < 1_000; made++) {
    try {
      ring.reserve([]);
    } catch {
      break;
    }
    ring.add({ handle: made, facts: megabyte });
  }
  assert.ok(made <= KEY_BYTES_PER_ISOLATE / (1024 * 1024));
  ring.clear();
  ring.reserve([]);
});

test("KeyRing holds operations to a number and to bytes", () => {
  const ring = new KeyRing();
  for (let i = 0; i < 4; i++) ring.enter(16 * 1024 * 1024);
  assert.throws(() => ring.enter(1), /Too many cryptographic operations/);
  ring.leave(16 * 1024 * 1024);
  ring.enter(1);
});

test.run();
