import { createHmac } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CRYPTO_BYTES } from "../../../runtime-api/contract/crypto.ts";
import { KEY_BYTES_PER_ISOLATE, OPERATIONS_PER_ISOLATE } from "../../../src/bindings/crypto/key-ring.ts";
import { KEYS_PER_ACCOUNT } from "../../../src/bindings/crypto/key-count.ts";
import { CryptoRig } from "./crypto-rig.ts";

const DATA = new Uint8Array([1, 2, 3]);

/** Arguments are handed over to the thread, so each call needs bytes of its own. */
function data(): Uint8Array {
  return new Uint8Array(DATA);
}

test("CryptoService does operations with keys that it keeps", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant();
  const secret = new Uint8Array(32).fill(7);
  const key = await tenant.call(
    "crypto.importKey",
    "raw",
    secret.slice(),
    2,
    "name",
    "HMAC",
    "hash",
    "SHA-256",
    false,
    "sign,verify",
  );
  assert.equal(key, [1, "secret", false, "sign,verify", 3, "name", "HMAC", "length", 256, "hash", "SHA-256"]);
  const [signature] = await tenant.call("crypto.sign", 1, "name", "HMAC", 1, data());
  assert.equal(signature, new Uint8Array(createHmac("sha256", secret).update(DATA).digest()));
  const verified = await tenant.call(
    "crypto.verify",
    1,
    "name",
    "HMAC",
    1,
    (signature as Uint8Array).slice(),
    data(),
  );
  assert.equal(verified, [true]);
  assert.ok(tenant.chargedUs > 0);
});

test("CryptoService gives a key pair as two keys, public first", async () => {
  await using rig = new CryptoRig();
  const pair = await rig.tenant().call("crypto.generateKey", 1, "name", "Ed25519", false, "sign,verify");
  assert.equal(pair, [
    ...[1, "public", true, "verify", 1, "name", "Ed25519"],
    ...[2, "private", false, "sign", 1, "name", "Ed25519"],
  ]);
});

test("CryptoService never gives out a key that is not extractable", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant();
  const key = await tenant.hmacKey();
  for (const format of ["raw", "jwk"])
    assert.match(await tenant.failure("crypto.exportKey", format, key), /^InvalidAccessError/);
});

test("CryptoService knows no key of another isolate, whatever its number", async () => {
  await using rig = new CryptoRig();
  const owner = rig.tenant("acme");
  const key = await owner.hmacKey();
  for (const thief of [rig.tenant("acme"), rig.tenant("other")]) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        thief.failure("crypto.sign", 1, "name", "HMAC", key + i - 5, data()),
      ),
    );
    assert.ok(answers.every((text) => /does not exist any more|malformed/.test(text)));
  }
  assert.is(await owner.failure("crypto.sign", 1, "name", "HMAC", key, data()), "");
});

test("CryptoService forgets keys that are freed, and all of them when the isolate goes", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant();
  const [first, second] = [await tenant.hmacKey(), await tenant.hmacKey()];
  await tenant.call("crypto.free", first, 999, "x", null);
  assert.match(await tenant.failure("crypto.sign", 1, "name", "HMAC", first, data()), /does not exist/);
  assert.is(await tenant.failure("crypto.sign", 1, "name", "HMAC", second, data()), "");
  tenant.leave();
  assert.match(await tenant.failure("crypto.sign", 1, "name", "HMAC", second, data()), /does not exist/);
});

test("CryptoService passes on what Web Crypto throws, by name", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant();
  const badLength = tenant.failure("crypto.generateKey", 2, "name", "AES-GCM", "length", 3, true, "encrypt");
  assert.match(await badLength, /^OperationError/);
  const noUsages = tenant.failure("crypto.generateKey", 2, "name", "AES-GCM", "length", 128, true, "");
  assert.match(await noUsages, /^SyntaxError/);
  const badKey = tenant.failure("crypto.importKey", "spki", data(), 1, "name", "Ed25519", true, "verify");
  assert.match(await badKey, /^DataError/);
  const key = await tenant.hmacKey();
  assert.match(
    await tenant.failure("crypto.verify", 1, "name", "HMAC", key, data(), data()),
    /^InvalidAccessError/,
  );
});

test("CryptoService refuses what no runtime sends", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant();
  const key = await tenant.hmacKey();
  const calls: [string, ...(string | number | boolean | null | Uint8Array)[]][] = [
    ["crypto.constructor"],
    ["crypto.__proto__", 1],
    ["crypto.digest", 1, "name", "SHA-256", data()],
    ["crypto.sign"],
    ["crypto.sign", 1, "name", "HMAC", key],
    ["crypto.sign", 1, "name", "HMAC", key, "text"],
    ["crypto.sign", 1, "name", "HMAC", key, data(), 1],
    ["crypto.sign", 0, key, data()],
    ["crypto.sign", 1, "hash", "SHA-256", key, data()],
    ["crypto.sign", 1, "__proto__", "x", key, data()],
    ["crypto.sign", 1e9, "name", "HMAC", key, data()],
    ["crypto.sign", 1, "name", "H".repeat(1_000), key, data()],
    ["crypto.sign", 1, "name", "hmac", key, data()],
    ["crypto.sign", 2, "name", "HMAC", "hash", "constructor", key, data()],
    ["crypto.hash", 0, 1, "name", "constructor", data(), true],
    ["crypto.sign", 1, "name", "HMAC", -1, data()],
    ["crypto.sign", 1, "name", "HMAC", 1.5, data()],
    ["crypto.exportKey", "pem", key],
    ["crypto.generateKey", 2, "name", "AES-GCM", "length", 128, true, "encrypt,fly"],
    ["crypto.generateKey", 2, "name", "AES-GCM", "length", "128", true, "encrypt"],
  ];
  for (const call of calls)
    assert.is(await tenant.failure(...call), "Error: malformed operation", String(call));
  const free = await tenant.failure("crypto.free", ...Array.from({ length: 2_000 }, (_, i) => i));
  assert.is(free, "Error: malformed operation");
});

test("CryptoService bounds what one operation may be", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant("acme", { cpuMs: 300_000, pbkdf2Iterations: 1_000 });
  const key = await tenant.hmacKey();
  const large = new Uint8Array(CRYPTO_BYTES + 1);
  assert.match(await tenant.failure("crypto.sign", 1, "name", "HMAC", key, large), /takes at most/);
  const rsa = ["name", "RSA-PSS", "modulusLength", 8_192, "hash", "SHA-256"];
  const exponent = ["publicExponent", new Uint8Array([1, 0, 1])];
  assert.match(
    await tenant.failure("crypto.generateKey", 4, ...rsa, ...exponent, true, "sign"),
    /^OperationError: RSA keys/,
  );
  // 3·5·7·11·13·17·19·23·29: few primes go with it.
  const hard = ["publicExponent", new Uint8Array([0xc0, 0xcf, 0xd7, 0x97])];
  const small = ["name", "RSA-PSS", "modulusLength", 2_048, "hash", "SHA-256"];
  assert.match(
    await tenant.failure("crypto.generateKey", 4, ...small, ...hard, true, "sign"),
    /^OperationError: The public exponent/,
  );
  const three = ["publicExponent", new Uint8Array([0, 3])];
  assert.is(await tenant.failure("crypto.generateKey", 4, ...small, ...three, true, "sign"), "");
  const hmac = ["name", "HMAC", "hash", "SHA-256", "length", 4_294_967_295];
  assert.match(
    await tenant.failure("crypto.generateKey", 3, ...hmac, true, "sign"),
    /^OperationError: Keys and/,
  );
  const [password] = await tenant.call(
    "crypto.importKey",
    "raw",
    data(),
    1,
    "name",
    "PBKDF2",
    false,
    "deriveBits",
  );
  const derive = (iterations: number): Promise<string> =>
    tenant.failure(
      "crypto.deriveBits",
      ...[4, "name", "PBKDF2", "hash", "SHA-256", "iterations", iterations, "salt", data()],
      ...[password as number, 256],
    );
  assert.is(await derive(1_000), "");
  assert.match(await derive(1_001), /^OperationError: PBKDF2 may have at most 1000/);
});

// What could go wrong if: Web Crypto takes a name in lower case, which no bound and no price knows.
test("CryptoService bounds PBKDF2 however its name is written", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant("acme", { pbkdf2Iterations: 1_000 });
  const importing = ["raw", data(), 1, "name", "PBKDF2", false, "deriveBits"] as const;
  const [password] = await tenant.call("crypto.importKey", ...importing);
  const pbkdf2 = [4, "name", "pbkdf2", "hash", "SHA-256", "iterations", 2_000, "salt", data()];
  assert.is.not(await tenant.failure("crypto.deriveBits", ...pbkdf2, password as number, 256), "");
});

// What could go wrong if: a charge is no number, so that whatever the event uses is not more than it may.
test("CryptoService charges a number, whatever a curve is called", async () => {
  await using rig = new CryptoRig();
  for (const curve of ["constructor", "__proto__", "toString", "P-257"]) {
    const tenant = rig.tenant();
    const made = tenant.failure("crypto.generateKey", 2, "name", "ECDSA", "namedCurve", curve, true, "sign");
    assert.match(await made, /^NotSupportedError/);
    assert.ok(Number.isFinite(tenant.chargedUs) && tenant.chargedUs > 0, curve);
  }
});

test("CryptoService does not begin what the event cannot pay, and charges it", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant("acme", { cpuMs: 5 });
  const rsa = [4, "name", "RSA-PSS", "modulusLength", 4_096, "hash", "SHA-256"];
  const exponent = ["publicExponent", new Uint8Array([1, 0, 1])];
  assert.match(
    await tenant.failure("crypto.generateKey", ...rsa, ...exponent, true, "sign"),
    /more CPU time than the event/,
  );
  assert.ok(tenant.chargedUs > 5_000);
});

test("CryptoService holds each isolate to so many operations at once", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant();
  const made = await Promise.all(
    Array.from({ length: OPERATIONS_PER_ISOLATE + 10 }, () =>
      tenant.failure("crypto.generateKey", 2, "name", "HMAC", "hash", "SHA-1", false, "sign"),
    ),
  );
  assert.is(made.filter((text) => /Too many cryptographic operations/.test(text)).length, 10);
  assert.is(made.filter((text) => text === "").length, OPERATIONS_PER_ISOLATE);
  assert.is(await rig.tenant().hmacKey(), 1);
});

test("CryptoService computes digests in pieces, each isolate's own", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant();
  const [hash] = await tenant.call("crypto.hash", 0, 1, "name", "SHA-256", data(), false);
  const stolen = rig.tenant().failure("crypto.hash", hash as number, 1, "name", "SHA-256", data(), true);
  assert.match(await stolen, /does not exist any more/);
  const [digest] = await tenant.call("crypto.hash", hash as number, 1, "name", "SHA-256", data(), true);
  const whole = await crypto.subtle.digest("SHA-256", new Uint8Array([...DATA, ...DATA]));
  assert.equal(digest, new Uint8Array(whole));
  const late = tenant.failure("crypto.hash", hash as number, 1, "name", "SHA-256", data(), true);
  assert.match(await late, /does not exist any more/);
  assert.match(
    await tenant.failure("crypto.sign", 1, "name", "HMAC", hash as number, data()),
    /does not exist/,
  );
});

// What could go wrong if: what one account holds in many isolates ends the thread that holds everybody's keys.
test("CryptoService holds each account to so many keys, however many isolates it has", async () => {
  await using rig = new CryptoRig();
  const victim = rig.tenant("victim");
  const key = await victim.hmacKey();
  const digest = ["crypto.hash", 0, 1, "name", "SHA-1"] as const;
  const tenants = Array.from({ length: 3 }, () => rig.tenant("greedy", { cpuMs: 300_000 }));
  let made = 0;
  for (const tenant of tenants) {
    for (let round = 0; round < 8; round++) {
      const begun = Array.from({ length: 2_000 }, () => tenant.failure(...digest, new Uint8Array(), false));
      made += (await Promise.all(begun)).filter((text) => text === "").length;
    }
  }
  assert.is(made, KEYS_PER_ACCOUNT);
  assert.match(await tenants[2]!.failure(...digest, data(), false), /Too many keys/);
  assert.is(await victim.failure("crypto.sign", 1, "name", "HMAC", key, data()), "");
  await victim.call(...digest, data(), false);
  tenants[0]!.leave();
  assert.is(await tenants[2]!.failure(...digest, data(), false), "");
});

// What could go wrong if: the thread keeps what began for an isolate that is gone.
test("CryptoService counts the keys that are under way among those of the isolate", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant("acme", { cpuMs: 60_000 });
  const megabyte = [3, "name", "HMAC", "hash", "SHA-256", "length", 8 * 1024 * 1024, false, "sign"] as const;
  const make = async (): Promise<string> => await tenant.failure("crypto.generateKey", ...megabyte);
  const answers = await Promise.all(Array.from({ length: 60 }, make));
  const made = answers.filter((text) => text === "").length;
  assert.ok(made > 0 && (made - 1) * 1024 * 1024 <= KEY_BYTES_PER_ISOLATE);
  assert.ok(answers.every((text) => text === "" || /Too many keys/.test(text)));
  // What was refused holds nothing: the room is there again.
  for (let number = 1; number <= made; number++) await tenant.call("crypto.free", number);
  assert.is(await make(), "");
});

test("CryptoService keeps no digest of an isolate that went while it began", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant();
  const begun = tenant.failure("crypto.hash", 0, 1, "name", "SHA-1", data(), false);
  tenant.leave();
  assert.match(await begun, /Nobody waits/);
});

test("CryptoService lets a flood of long operations of one account not stop another's short ones", async () => {
  await using rig = new CryptoRig({ places: 2, longPlaces: 1 });
  const flood = rig.tenant("flood", { cpuMs: 300_000 });
  const rsa = [4, "name", "RSA-PSS", "modulusLength", 3_072, "hash", "SHA-256"];
  let flooding = 40;
  const generated = Array.from({ length: flooding }, async () => {
    const exponent = ["publicExponent", new Uint8Array([1, 0, 1])];
    await flood.failure("crypto.generateKey", ...rsa, ...exponent, true, "sign");
    flooding--;
  });
  const good = rig.tenant("good");
  const key = await good.hmacKey();
  for (let i = 0; i < 20; i++)
    assert.is(await good.failure("crypto.sign", 1, "name", "HMAC", key, data()), "");
  assert.ok(flooding > 0);
  flood.abort.abort();
  await Promise.all(generated);
});

test("CryptoService fails what is under way when it closes", async () => {
  const rig = new CryptoRig();
  const tenant = rig.tenant("acme", { cpuMs: 300_000 });
  const rsa = [4, "name", "RSA-PSS", "modulusLength", 4_096, "hash", "SHA-256"];
  const exponent = ["publicExponent", new Uint8Array([1, 0, 1])];
  // Many, as some may be made while the machine stands still.
  const under = Array.from({ length: 30 }, () =>
    tenant.failure("crypto.generateKey", ...rsa, ...exponent, true, "sign"),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  await rig.service.close();
  assert.match((await Promise.all(under)).at(-1)!, /^OperationError/);
  assert.match(
    await tenant.failure("crypto.generateKey", 1, "name", "Ed25519", false, "sign"),
    /host is closing/,
  );
});

test("CryptoService tells isolates whose keys died with the thread that they are stale, and no others", async () => {
  await using rig = new CryptoRig();
  const [holder, other, gone] = [rig.tenant(), rig.tenant("b"), rig.tenant("c")];
  const key = await holder.hmacKey();
  await gone.hmacKey();
  gone.leave();
  await other.call("crypto.digest", "SHA-256", new Uint8Array(1)).catch(() => {});
  await rig.service.killThread();
  assert.equal([holder.stale, other.stale, gone.stale], [1, 0, 0]);
  assert.match(
    await holder.failure("crypto.sign", 1, "name", "HMAC", key, new Uint8Array(1)),
    "The key does not exist any more.",
  );
  assert.ok((await other.hmacKey()) > 0);
  await rig.service.killThread();
  assert.equal([holder.stale, other.stale], [1, 1]);
});

test("CryptoService charges later pieces of a digest for the hash that was begun", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant();
  const piece = new Uint8Array(4_000_000);
  const [hash] = await tenant.call("crypto.hash", 0, 1, "name", "SHA-512", new Uint8Array(8), false);
  const beforeUs = tenant.chargedUs;
  await tenant.call("crypto.hash", hash as number, 1, "name", "SHA-1", piece, true);
  assert.ok(tenant.chargedUs - beforeUs > 7_000, `${tenant.chargedUs - beforeUs}`);
});

test.run();
