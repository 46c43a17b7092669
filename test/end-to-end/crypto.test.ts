import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

/** A worker whose answer is what `body` returns, as JSON; an error as its name and message. */
function answering(body: string, before = ""): string {
  return `${before}
const { subtle } = crypto;
const data = new TextEncoder().encode("what is signed");
const failure = (promise) => promise.then(() => "nothing", (error) => error.name + ": " + error.message);
export default { async fetch(request) {
  try { return Response.json(await (async () => { ${body} })()); }
  catch (error) { return new Response(error.name + ": " + error.message, { status: 418 }); }
} };`;
}

const TOKENS = `
  const flat = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const kinds = {
    HS256: [{ name: "HMAC", hash: "SHA-256" }],
    RS256: [{ name: "RSASSA-PKCS1-v1_5", ...rsa }],
    PS256: [{ name: "RSA-PSS", ...rsa }, { saltLength: 32 }],
    ES256: [{ name: "ECDSA", namedCurve: "P-256" }, { hash: "SHA-256" }],
    ES384: [{ name: "ECDSA", namedCurve: "P-384" }, { hash: "SHA-384" }],
    EdDSA: [{ name: "Ed25519" }],
  };
  const seen = {};
  for (const [alg, [make, more]] of Object.entries(kinds)) {
    const made = await subtle.generateKey(make, true, ["sign", "verify"]);
    const [signer, checker] = made.privateKey ? [made.privateKey, made.publicKey] : [made, made];
    const how = { name: make.name, ...more };
    const input = new TextEncoder().encode(btoa(JSON.stringify({ alg })) + "." + btoa('{"sub":"1"}'));
    const signature = await subtle.sign(how, signer, input);
    // As another service would have it: the key as JWK, the signature as text.
    const jwk = JSON.parse(JSON.stringify(await subtle.exportKey("jwk", checker)));
    const other = await subtle.importKey("jwk", jwk, make, false, ["verify"]);
    const bytes = Uint8Array.from(atob(flat(signature)), (unit) => unit.charCodeAt(0));
    const good = await subtle.verify(how, other, bytes, input);
    input[0] ^= 1;
    seen[alg] = [good, await subtle.verify(how, other, bytes, input)];
  }
  return seen;`;

const EXCHANGE = `
  const make = () => subtle.generateKey("X25519", false, ["deriveBits", "deriveKey"]);
  const [a, b] = [await make(), await make()];
  const derive = (mine, peer) => subtle.deriveKey(
    { name: "X25519", public: peer.publicKey }, mine.privateKey,
    { name: "AES-KW", length: 256 }, false, ["wrapKey", "unwrapKey"]);
  const [outer, same] = [await derive(a, b), await derive(b, a)];
  const inner = await subtle.generateKey({ name: "AES-CBC", length: 128 }, true, ["encrypt", "decrypt"]);
  const wrapped = await subtle.wrapKey("raw", inner, outer, "AES-KW");
  const hidden = await subtle.unwrapKey("raw", wrapped, same, "AES-KW", "AES-CBC", false, ["decrypt"]);
  const cbc = { name: "AES-CBC", iv: new Uint8Array(16) };
  const plain = await subtle.decrypt(cbc, hidden, await subtle.encrypt(cbc, inner, data));
  return [
    new TextDecoder().decode(plain),
    await failure(subtle.exportKey("raw", hidden)),
    await failure(subtle.exportKey("pkcs8", a.privateKey)),
    await failure(subtle.wrapKey("raw", hidden, outer, "AES-KW")),
    await failure(subtle.encrypt(cbc, hidden, data)),
    Object.getOwnPropertyNames(hidden).length + JSON.stringify(hidden),
  ];`;

for (const cell of CELLS) {
  test(`workers sign and check tokens of every kind (${cell})`, async () => {
    await using at = await makeHost({ cell, limits: { cpuMs: 5_000 } });
    const worker = await at.host.deploy(upload("tokens", answering(TOKENS)));
    const seen = (await (await worker.fetch("http://tokens/")).json()) as Record<string, boolean[]>;
    assert.is(Object.keys(seen).length, 6);
    for (const [alg, found] of Object.entries(seen)) assert.equal(found, [true, false], alg);
    assert.equal(at.faults, []);
  });

  test(`keys that are not extractable stay in the host (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(upload("keys", answering(EXCHANGE)));
    const answer = (await (await worker.fetch("http://keys/")).json()) as string[];
    assert.is(answer[0], "what is signed");
    for (const refused of answer.slice(1, 5)) assert.match(refused, /^InvalidAccessError/);
    assert.is(answer[5], "0{}");
  });

  test(`a key lives on in its isolate, from one event to the next (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const body = `
      if (globalThis.key === undefined) {
        globalThis.key = await subtle.generateKey({ name: "HMAC", hash: "SHA-1" }, false, ["sign", "verify"]);
        globalThis.signature = await subtle.sign("HMAC", key, data);
        return "made";
      }
      return await subtle.verify("HMAC", key, signature, data);`;
    const worker = await at.host.deploy(upload("keeps", answering(body)));
    assert.is(await (await worker.fetch("http://keeps/")).json(), "made");
    assert.is(await (await worker.fetch("http://keeps/")).json(), true);
  });

  test(`a worker that forges numbers of keys finds none but its own (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const make = `globalThis.key ??= await subtle.generateKey({ name: "HMAC", hash: "SHA-1" }, true, ["sign"]);`;
    const victim = await at.host.deploy(upload("victim", answering(`${make} return "made";`)));
    assert.is(await (await victim.fetch("http://victim/")).json(), "made");
    // Setters on Array.prototype see what the runtime appends to its lists, and may put in another number.
    const forge = `
      ${make}
      const seen = [];
      for (const forged of [0, 2, 3, 4, 5, 100, 2 ** 40]) {
        Object.defineProperty(Array.prototype, "1", {
          configurable: true,
          set(value) { Object.defineProperty(this, 1, { value: value === 1 ? forged : value, writable: true, configurable: true, enumerable: true }); },
        });
        const exported = subtle.exportKey("raw", key);
        delete Array.prototype[1];
        seen.push(await failure(exported));
      }
      return [seen, await failure(subtle.exportKey("raw", key))];`;
    const thief = await at.host.deploy(upload("thief", answering(forge)));
    const [seen, own] = (await (await thief.fetch("http://thief/")).json()) as [string[], string];
    assert.is(seen.length, 7);
    for (const refused of seen) assert.match(refused, /does not exist any more/);
    assert.is(own, "nothing");
  });

  test(`an isolate may hold so many keys, and the host goes on (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const body = `
      globalThis.kept = [];
      const secret = new Uint8Array(1024 * 1024);
      for (let i = 0; i < 100; i++) kept.push(await subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]));
      return "never";`;
    const worker = await at.host.deploy(upload("hoard", answering(body), { limits: { cpuMs: 5_000 } }));
    const answer = await worker.fetch("http://hoard/");
    assert.match(await answer.text(), /^OperationError: Too many keys/);
    const good = await at.host.deploy(upload("good", answering(EXCHANGE)));
    assert.is((await good.fetch("http://good/")).status, 200);
  });

  for (const [what, body] of [
    [
      "many derivations",
      `const key = await subtle.importKey("raw", data, "PBKDF2", false, ["deriveBits"]);
       const how = { name: "PBKDF2", hash: "SHA-256", salt: data, iterations: 50_000 };
       for (let i = 0; i < 100; i++) await subtle.deriveBits(how, key, 256);`,
    ],
    [
      "one operation that it cannot pay",
      `await subtle.generateKey({ name: "RSA-PSS", modulusLength: 4096, hash: "SHA-256",
         publicExponent: new Uint8Array([1, 0, 1]) }, false, ["sign"]);`,
    ],
  ] as const) {
    test(`CPU that the host spends is the event's: ${what} (${cell})`, async () => {
      await using at = await makeHost({ cell });
      const worker = await at.host.deploy(
        upload("heavy", answering(`${body} return "never";`), { limits: { cpuMs: 50 } }),
      );
      const answer = await worker.fetch("http://heavy/");
      assert.is(answer.status, 503);
      assert.match(await answer.text(), "1102");
      await until("it is recorded", () => at.events.length > 0);
      assert.is(at.events[0]?.outcome, "exceededCpu");
      assert.ok((at.events[0]?.cpuMs ?? 0) >= 50);
      assert.equal(at.faults, []);
    });
  }

  test(`the host closes in the middle of an operation (${cell})`, async () => {
    const body = `
      const rsa = { name: "RSA-PSS", modulusLength: 4096, hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]) };
      await Promise.all(Array.from({ length: 10 }, () => subtle.generateKey(rsa, false, ["sign"])));
      return "made";`;
    await using at = await makeHost({ cell, limits: { cpuMs: 60_000 } });
    const worker = await at.host.deploy(upload("slow", answering(body)));
    const answer = worker.fetch("http://slow/").then(({ status }) => status);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await at.host.close(0);
    assert.is.not(await answer, 200);
    assert.equal(at.faults, []);
  });

  test(`operations are no subrequests (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const body = `
      const key = await subtle.generateKey({ name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
      for (let i = 0; i < 100; i++) await subtle.sign("HMAC", key, data);
      return "done";`;
    const worker = await at.host.deploy(upload("busy", answering(body), { limits: { cpuMs: 10_000 } }));
    assert.is(await (await worker.fetch("http://busy/")).json(), "done");
    await until("it is recorded", () => at.events.length > 0);
    assert.is(at.events[0]?.subrequests, 0);
  });

  test(`the global scope has no operations on keys (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const before = `
      let top = "nothing";
      await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-1" }, false, ["sign"]).catch((error) => (top = error.message));`;
    const worker = await at.host.deploy(upload("early", answering("return top;", before)));
    assert.match(await (await worker.fetch("http://early/")).text(), "global scope");
  });

  test(`patched prototypes do not break operations that begin later (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const before = `
      const stop = () => { throw new Error("patched"); };
      for (const key of ["push", "slice", "splice", "indexOf", "includes", "join"]) Array.prototype[key] = stop;
      for (const key of ["split", "toUpperCase", "slice", "charCodeAt"]) String.prototype[key] = stop;
      for (const key of ["get", "set"]) Map.prototype[key] = stop;
      for (const key of ["add", "delete"]) Set.prototype[key] = stop;
      FinalizationRegistry.prototype.register = stop;
      JSON.parse = stop;
      globalThis.FinalizationRegistry = globalThis.Set = globalThis.WeakMap = undefined;`;
    const body = `
      const key = await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign", "verify"]);
      const jwk = await subtle.exportKey("jwk", key);
      const again = await subtle.importKey("jwk", jwk, { name: "HMAC", hash: "SHA-256" }, true, ["verify"]);
      return [await subtle.verify("HMAC", again, await subtle.sign("HMAC", key, data), data), key.usages.length];`;
    const worker = await at.host.deploy(upload("patched", answering(body, before)));
    assert.equal(await (await worker.fetch("http://patched/")).json(), [true, 2]);
  });
}

test("(hosts close)", closeHosts);

test.run();
