const { subtle } = crypto;
const hex = (buffer) =>
  [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

test("digest: known answers, names without regard to case", async () => {
  equal(
    hex(await subtle.digest("sha-256", utf8("abc"))),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  equal(hex(await subtle.digest({ name: "SHA-1" }, bytes())), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  await rejects("NotSupportedError", subtle.digest("SHA-257", bytes()));
  await rejects("TypeError", subtle.digest("SHA-1", "text"));
});

test("HMAC: RFC 4231, case 2", async () => {
  const key = await subtle.importKey("raw", utf8("Jefe"), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
  const signature = await subtle.sign("HMAC", key, utf8("what do ya want for nothing?"));
  equal(hex(signature), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  equal(await subtle.verify("HMAC", key, signature, utf8("what do ya want for nothing?")), true);
  equal(await subtle.verify("HMAC", key, signature, utf8("something")), false);
});

test("AES-GCM: encrypts, and refuses what was changed", async () => {
  const key = await subtle.importKey("raw", new Uint8Array(16), "AES-GCM", false, ["encrypt", "decrypt"]);
  const how = { name: "AES-GCM", iv: new Uint8Array(12) };
  const sealed = new Uint8Array(await subtle.encrypt(how, key, new Uint8Array(16)));
  equal(hex(sealed), "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf");
  equal(hex(await subtle.decrypt(how, key, sealed)), "00".repeat(16));
  sealed[0] ^= 1;
  await rejects("OperationError", subtle.decrypt(how, key, sealed));
});

test("AES-KW: RFC 3394", async () => {
  const outer = await subtle.importKey("raw", unhex("000102030405060708090a0b0c0d0e0f"), "AES-KW", false, [
    "wrapKey",
  ]);
  const inner = await subtle.importKey("raw", unhex("00112233445566778899aabbccddeeff"), "AES-CBC", true, [
    "encrypt",
  ]);
  equal(
    hex(await subtle.wrapKey("raw", inner, outer, "AES-KW")),
    "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",
  );
});

test("HKDF and PBKDF2: RFC 5869 and RFC 6070", async () => {
  const hkdf = await subtle.importKey("raw", unhex("0b".repeat(22)), "HKDF", false, ["deriveBits"]);
  const how = {
    name: "HKDF",
    hash: "SHA-256",
    salt: unhex("000102030405060708090a0b0c"),
    info: unhex("f0f1f2f3f4f5f6f7f8f9"),
  };
  equal(
    hex(await subtle.deriveBits(how, hkdf, 336)),
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  );
  const pbkdf2 = await subtle.importKey("raw", utf8("password"), "PBKDF2", false, ["deriveBits"]);
  const slow = { name: "PBKDF2", hash: "SHA-1", salt: utf8("salt"), iterations: 4096 };
  equal(hex(await subtle.deriveBits(slow, pbkdf2, 160)), "4b007901b765489abead49d926f721d065a429c1");
});

test("Ed25519: RFC 8032, test 2", async () => {
  const jwk = {
    kty: "OKP",
    crv: "Ed25519",
    d: "TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs",
    x: "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw",
  };
  const key = await subtle.importKey("jwk", jwk, "Ed25519", false, ["sign"]);
  equal(
    hex(await subtle.sign("Ed25519", key, unhex("72"))),
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );
});

test("ECDSA, RSA-PSS, ECDH: what was made works", async () => {
  const how = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const { publicKey, privateKey } = await subtle.generateKey(how, false, ["sign", "verify"]);
  equal(await subtle.verify(how, publicKey, await subtle.sign(how, privateKey, utf8("x")), utf8("x")), true);
  const { privateKey: a, publicKey: b } = await subtle.generateKey(
    { name: "ECDH", namedCurve: "P-384" },
    false,
    ["deriveBits"],
  );
  equal((await subtle.deriveBits({ name: "ECDH", public: b }, a, 384)).byteLength, 48);
  const rsa = {
    name: "RSA-PSS",
    modulusLength: 2048,
    publicExponent: bytes(1, 0, 1),
    hash: "SHA-256",
    saltLength: 32,
  };
  const pair = await subtle.generateKey(rsa, false, ["sign", "verify"]);
  equal(
    await subtle.verify(rsa, pair.publicKey, await subtle.sign(rsa, pair.privateKey, utf8("x")), utf8("x")),
    true,
  );
});

test("X25519: both sides agree", async () => {
  const make = () => subtle.generateKey("X25519", false, ["deriveBits"]);
  const [a, b] = [await make(), await make()];
  const derive = (mine, peer) =>
    subtle.deriveBits({ name: "X25519", public: peer.publicKey }, mine.privateKey, 256);
  equal(hex(await derive(a, b)), hex(await derive(b, a)));
});

test("CryptoKey: what it shows, and what it refuses", async () => {
  const key = await subtle.generateKey({ name: "AES-CTR", length: 192 }, false, ["encrypt"]);
  equal(
    [key.type, key.extractable, key.algorithm, key.usages],
    ["secret", false, { name: "AES-CTR", length: 192 }, ["encrypt"]],
  );
  equal(Object.prototype.toString.call(key), "[object CryptoKey]");
  equal(structuredClone(key) instanceof CryptoKey, true);
  throws("TypeError", () => new CryptoKey());
  throws("TypeError", () => CryptoKey.prototype.type);
  await rejects("InvalidAccessError", subtle.exportKey("raw", key));
  await rejects(
    "InvalidAccessError",
    subtle.decrypt({ name: "AES-CTR", counter: new Uint8Array(16), length: 64 }, key, bytes()),
  );
  await rejects("SyntaxError", subtle.generateKey({ name: "AES-CTR", length: 192 }, false, []));
  await rejects("TypeError", subtle.generateKey({ name: "AES-CTR", length: 192 }, false, ["fly"]));
  await rejects("OperationError", subtle.generateKey({ name: "AES-CTR", length: 1 }, false, ["encrypt"]));
  await rejects("DataError", subtle.importKey("raw", bytes(1), "AES-CTR", false, ["encrypt"]));
});

test("random values and UUIDs", () => {
  equal(crypto.getRandomValues(new Uint8Array(8)).length, 8);
  equal(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()),
    true,
  );
  throws("QuotaExceededError", () => crypto.getRandomValues(new Uint8Array(65_537)));
  throws("TypeMismatchError", () => crypto.getRandomValues(new Float32Array(1)));
});

test("DigestStream and timingSafeEqual, as on Workers", async () => {
  const stream = new crypto.DigestStream("SHA-256");
  await streamOf(utf8("a"), utf8("bc")).pipeTo(stream);
  equal(hex(await stream.digest).slice(0, 8), "ba7816bf");
  equal(stream.bytesWritten, 3n);
  equal(subtle.timingSafeEqual(utf8("a"), utf8("a")), true);
  equal(subtle.timingSafeEqual(utf8("a"), utf8("b")), false);
});
