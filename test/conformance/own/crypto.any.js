const { subtle } = crypto;
const hex = (buffer) => new Uint8Array(buffer).toHex();
test("random values and ids", () => {
  equal(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()),
    true,
  );
  equal(
    crypto.getRandomValues(new Uint8Array(8)).some((byte) => byte > 0),
    true,
  );
  throws("QuotaExceededError", () => crypto.getRandomValues(new Uint8Array(65_537)));
  throws("TypeMismatchError", () => crypto.getRandomValues(new Float32Array(1)));
});
test("digests", async () => {
  equal(
    hex(await subtle.digest("SHA-256", utf8("abc"))),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  await rejects("NotSupportedError", subtle.digest("nothing", bytes()));
  const stream = new crypto.DigestStream("SHA-1");
  await streamOf(utf8("ab"), utf8("c")).pipeTo(stream);
  equal(hex(await stream.digest), "a9993e364706816aba3e25717850c26c9cd0d89d");
});
test("HMAC signs and verifies; keys keep to their uses", async () => {
  const key = await subtle.importKey("raw", utf8("key"), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
  const mac = await subtle.sign("HMAC", key, utf8("The quick brown fox jumps over the lazy dog"));
  equal(hex(mac), "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  equal(await subtle.verify("HMAC", key, mac, utf8("other")), false);
  await rejects("InvalidAccessError", subtle.exportKey("raw", key));
  await rejects("InvalidAccessError", subtle.encrypt({ name: "AES-GCM", iv: bytes(1) }, key, bytes()));
});
test("AES-GCM encrypts and notices changes", async () => {
  const key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, key, utf8("secret")));
  equal(new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv }, key, sealed)), utf8("secret"));
  sealed[0] ^= 1;
  await rejects("OperationError", subtle.decrypt({ name: "AES-GCM", iv }, key, sealed));
});
test("curves sign and agree", async () => {
  const { privateKey, publicKey } = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
    "sign",
    "verify",
  ]);
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  equal(
    await subtle.verify(algorithm, publicKey, await subtle.sign(algorithm, privateKey, utf8("m")), utf8("m")),
    true,
  );
  const [a, b] = [
    await subtle.generateKey("X25519", false, ["deriveBits"]),
    await subtle.generateKey("X25519", false, ["deriveBits"]),
  ];
  const one = await subtle.deriveBits({ name: "X25519", public: b.publicKey }, a.privateKey, 256);
  equal(hex(one), hex(await subtle.deriveBits({ name: "X25519", public: a.publicKey }, b.privateKey, 256)));
});
test("passwords derive keys", async () => {
  const password = await subtle.importKey("raw", utf8("password"), "PBKDF2", false, ["deriveBits"]);
  const bits = await subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt: utf8("salt"), iterations: 1_000 },
    password,
    128,
  );
  equal(hex(bits), "632c2812e46d4604102ba7618e9d6d7d");
});
