const bytes = (text) => new TextEncoder().encode(text);
const hex = (buffer) => [...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, "0")).join("");
const { subtle } = crypto;
const hmacKey = (hash = "SHA-256", usages = ["sign", "verify"]) =>
  subtle.importKey("raw", bytes("key"), { name: "HMAC", hash }, true, usages);
export default {
  async digests(see) {
    for (const name of ["SHA-1", "SHA-256", "SHA-384", "SHA-512", "MD5", "sha-256", "SHA-3", "odd"])
      await see(name, async () => hex(await subtle.digest(name, bytes("abc"))));
    await see("object", async () => hex(await subtle.digest({ name: "SHA-256" }, bytes("abc").buffer)));
    await see("text", () => subtle.digest("SHA-256", "abc"));
    await see("none", () => subtle.digest("SHA-256"));
  },
  async DigestStream(see) {
    const run = async (name, ...chunks) => {
      const d = new crypto.DigestStream(name);
      const w = d.getWriter();
      for (const chunk of chunks) await w.write(chunk);
      await w.close();
      return hex(await d.digest);
    };
    await see("SHA-256", () => run("SHA-256", bytes("a"), bytes("bc")));
    await see("MD5", () => run("MD5", bytes("abc")));
    await see("nothing", () => run("SHA-1"));
    await see("text", () => run("SHA-256", "abc"));
    await see("number", () => run("SHA-256", 5));
    see("odd", () => new crypto.DigestStream("odd"));
    await see("bytesWritten", async () => {
      const d = new crypto.DigestStream("SHA-1");
      const w = d.getWriter();
      await w.write(bytes("abc"));
      return d.bytesWritten;
    });
    await see("pipe", async () => {
      const d = new crypto.DigestStream("SHA-256");
      await new Response("abc").body.pipeTo(d);
      return hex(await d.digest);
    });
    await see("abort", async () => {
      const d = new crypto.DigestStream("SHA-256");
      await d.abort(new RangeError("x"));
      return await d.digest;
    });
    see("is a WritableStream", new crypto.DigestStream("SHA-1") instanceof WritableStream);
  },
  timingSafeEqual(see) {
    see("equal", subtle.timingSafeEqual(bytes("abc"), bytes("abc")));
    see("different", subtle.timingSafeEqual(bytes("abc"), bytes("abd")));
    see("lengths", () => subtle.timingSafeEqual(bytes("ab"), bytes("abc")));
    see("text", () => subtle.timingSafeEqual("a", "a"));
    see("buffers", subtle.timingSafeEqual(bytes("a").buffer, bytes("a").buffer));
  },
  "random values"(see) {
    see(
      "uuid",
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()),
    );
    see("same array", () => {
      const a = new Uint8Array(4);
      return crypto.getRandomValues(a) === a;
    });
    see("floats", () => crypto.getRandomValues(new Float32Array(2)));
    see("too many", () => crypto.getRandomValues(new Uint8Array(65537)));
    see("most", () => crypto.getRandomValues(new Uint8Array(65536)).length);
    see("bigints", () => crypto.getRandomValues(new BigUint64Array(1)).length);
    see("array", () => crypto.getRandomValues([1]));
    see("DataView", () => crypto.getRandomValues(new DataView(new ArrayBuffer(4))));
  },
  async HMAC(see) {
    const key = await hmacKey();
    see("key", [key.type, key.extractable, key.algorithm, key.usages]);
    const signature = await subtle.sign("HMAC", key, bytes("data"));
    see("signature", hex(signature));
    see("verify", [
      await subtle.verify("HMAC", key, signature, bytes("data")),
      await subtle.verify("HMAC", key, signature, bytes("other")),
      await subtle.verify("HMAC", key, new Uint8Array(3), bytes("data")),
    ]);
    await see("SHA-512", async () => hex(await subtle.sign("HMAC", await hmacKey("SHA-512"), bytes("data"))));
    await see("usage", async () => subtle.sign("HMAC", await hmacKey("SHA-256", ["verify"]), bytes("x")));
    await see("no usages", () => hmacKey("SHA-256", []));
    await see("odd usage", () => hmacKey("SHA-256", ["encrypt"]));
    await see("odd hash", () => hmacKey("odd"));
    await see("jwk", async () => JSON.parse(JSON.stringify(await subtle.exportKey("jwk", key))));
    await see("not extractable", async () =>
      subtle.exportKey(
        "raw",
        await subtle.importKey("raw", bytes("k"), { name: "HMAC", hash: "SHA-1" }, false, ["sign"]),
      ),
    );
    await see("empty key", () =>
      subtle.importKey("raw", new Uint8Array(0), { name: "HMAC", hash: "SHA-256" }, true, ["sign"]),
    );
    await see("generated", async () => {
      const k = await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign"]);
      return [k.algorithm, (await subtle.exportKey("raw", k)).byteLength];
    });
  },
  async AES(see) {
    const raw = bytes("0123456789abcdef");
    const iv = bytes("iviviviviviv");
    const key = await subtle.importKey("raw", raw, "AES-GCM", true, ["encrypt", "decrypt"]);
    const sealed = await subtle.encrypt(
      { name: "AES-GCM", iv, additionalData: bytes("aad") },
      key,
      bytes("text"),
    );
    see("GCM", hex(sealed));
    await see("opened", async () =>
      hex(await subtle.decrypt({ name: "AES-GCM", iv, additionalData: bytes("aad") }, key, sealed)),
    );
    await see("wrong data", () => subtle.decrypt({ name: "AES-GCM", iv }, key, sealed));
    await see("no iv", () => subtle.encrypt({ name: "AES-GCM" }, key, bytes("x")));
    const cbc = await subtle.importKey("raw", raw, "AES-CBC", false, ["encrypt", "decrypt"]);
    await see("CBC", async () => hex(await subtle.encrypt({ name: "AES-CBC", iv: raw }, cbc, bytes("text"))));
    await see("CBC bad iv", () => subtle.encrypt({ name: "AES-CBC", iv: bytes("x") }, cbc, bytes("text")));
    await see("CBC bad data", () => subtle.decrypt({ name: "AES-CBC", iv: raw }, cbc, bytes("text")));
    const ctr = await subtle.importKey("raw", raw, "AES-CTR", false, ["encrypt"]);
    await see("CTR", async () =>
      hex(await subtle.encrypt({ name: "AES-CTR", counter: raw, length: 64 }, ctr, bytes("text"))),
    );
    const kw = await subtle.importKey("raw", raw, "AES-KW", false, ["wrapKey", "unwrapKey"]);
    await see("KW", async () => hex(await subtle.wrapKey("raw", key, kw, "AES-KW")));
    await see("bad length", () => subtle.importKey("raw", bytes("short"), "AES-GCM", true, ["encrypt"]));
    await see("wrong algorithm", () => subtle.encrypt({ name: "AES-CBC", iv: raw }, key, bytes("x")));
  },
  async "derived keys"(see) {
    const base = await subtle.importKey("raw", bytes("password"), "PBKDF2", false, [
      "deriveBits",
      "deriveKey",
    ]);
    const params = { name: "PBKDF2", hash: "SHA-256", salt: bytes("salt"), iterations: 1000 };
    await see("PBKDF2", async () => hex(await subtle.deriveBits(params, base, 256)));
    await see("too many iterations", () => subtle.deriveBits({ ...params, iterations: 100_001 }, base, 256));
    await see("no iterations", () => subtle.deriveBits({ ...params, iterations: 0 }, base, 256));
    await see("odd length", () => subtle.deriveBits(params, base, 5));
    await see(
      "key",
      async () =>
        (await subtle.deriveKey(params, base, { name: "AES-GCM", length: 256 }, true, ["encrypt"])).algorithm,
    );
    const hkdf = await subtle.importKey("raw", bytes("secret"), "HKDF", false, ["deriveBits"]);
    await see("HKDF", async () =>
      hex(
        await subtle.deriveBits(
          { name: "HKDF", hash: "SHA-256", salt: bytes("s"), info: bytes("i") },
          hkdf,
          128,
        ),
      ),
    );
    await see("HKDF extractable", () => subtle.importKey("raw", bytes("x"), "HKDF", true, ["deriveBits"]));
  },
  async "signatures of key pairs"(see) {
    for (const [name, algorithm, how] of [
      ["ECDSA", { name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }],
      ["Ed25519", { name: "Ed25519" }, "Ed25519"],
      ["NODE-ED25519", { name: "NODE-ED25519", namedCurve: "NODE-ED25519" }, "NODE-ED25519"],
      [
        "RSASSA",
        {
          name: "RSASSA-PKCS1-v1_5",
          hash: "SHA-256",
          modulusLength: 2048,
          publicExponent: new Uint8Array([1, 0, 1]),
        },
        "RSASSA-PKCS1-v1_5",
      ],
      [
        "RSA-PSS",
        { name: "RSA-PSS", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
        { name: "RSA-PSS", saltLength: 32 },
      ],
    ])
      await see(name, async () => {
        const { privateKey, publicKey } = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
        const signature = await subtle.sign(how, privateKey, bytes("data"));
        return [
          signature.byteLength,
          await subtle.verify(how, publicKey, signature, bytes("data")),
          privateKey.usages,
          publicKey.usages,
          publicKey.extractable,
          Object.keys(JSON.parse(JSON.stringify(await subtle.exportKey("jwk", publicKey)))).sort(),
        ];
      });
  },
  async "key agreement"(see) {
    for (const algorithm of [{ name: "ECDH", namedCurve: "P-256" }, { name: "X25519" }])
      await see(algorithm.name, async () => {
        const [a, b] = [
          await subtle.generateKey(algorithm, true, ["deriveBits"]),
          await subtle.generateKey(algorithm, true, ["deriveBits"]),
        ];
        const one = await subtle.deriveBits({ name: algorithm.name, public: b.publicKey }, a.privateKey, 256);
        const two = await subtle.deriveBits({ name: algorithm.name, public: a.publicKey }, b.privateKey, 256);
        return [one.byteLength, hex(one) === hex(two)];
      });
  },
  async "importing keys"(see) {
    const spki =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEVxqdpcZSUaQr2/QW/XJWSnGdPwGWEfw6lnG+bV4mKHfLIHGWHlHPUwy7bVNAf0CbWm0Hc/WRKKqZIEv2B6AjAQ==";
    const der = Uint8Array.from(atob(spki), (c) => c.charCodeAt(0));
    await see("bad point", () =>
      subtle.importKey("spki", der, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]),
    );
    await see("garbage pkcs8", () =>
      subtle.importKey("pkcs8", bytes("x"), { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]),
    );
    await see(
      "jwk oct",
      async () =>
        (
          await subtle.importKey("jwk", { kty: "oct", k: "AAECAwQFBgcICQoLDA0ODw" }, "AES-GCM", true, [
            "encrypt",
          ])
        ).algorithm,
    );
    await see("jwk wrong kty", () =>
      subtle.importKey("jwk", { kty: "RSA", k: "AA" }, "AES-GCM", true, ["encrypt"]),
    );
    await see("jwk wrong alg", () =>
      subtle.importKey("jwk", { kty: "oct", k: "AAECAwQFBgcICQoLDA0ODw", alg: "A256GCM" }, "AES-GCM", true, [
        "encrypt",
      ]),
    );
    await see("odd format", () => subtle.importKey("odd", bytes("x"), "AES-GCM", true, ["encrypt"]));
    await see("odd algorithm", () => subtle.importKey("raw", bytes("x"), "odd", true, ["encrypt"]));
    await see("odd curve", () => subtle.generateKey({ name: "ECDSA", namedCurve: "P-1" }, true, ["sign"]));
  },
  "shape of crypto"(see) {
    see(
      "tags",
      [crypto, subtle].map((x) => Object.prototype.toString.call(x)),
    );
    see("subtle is fixed", () => {
      "use strict";
      crypto.subtle = 1;
    });
    see("new", () => new Crypto());
    see("new CryptoKey", () => new CryptoKey());
    see("detached method", () => {
      const { randomUUID } = crypto;
      return randomUUID().length;
    });
    see("detached digest", () => {
      const { digest } = subtle;
      return digest("SHA-1", bytes(""));
    });
  },
};
