import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  CRYPTO_PARAMETERS,
  type CryptoMethod,
  KEY_FORMATS,
  KEY_USAGES,
  MEMBERS,
} from "../../../runtime-api/contract/crypto.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { Random } from "../../cell/random.ts";
import { CryptoRig } from "./crypto-rig.ts";

const NAMES = [
  ...[
    "AES-CBC",
    "AES-CTR",
    "AES-GCM",
    "AES-KW",
    "HMAC",
    "HKDF",
    "PBKDF2",
    "ECDH",
    "ECDSA",
    "Ed25519",
    "X448",
  ],
  ...["RSA-OAEP", "RSA-PSS", "RSASSA-PKCS1-v1_5", "ML-DSA-44", "Argon2id", "nothing", ""],
];
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  name: NAMES,
  hash: ["SHA-1", "SHA-256", "SHA-512", "MD5", "SHA3-256", "HMAC", ""],
  namedCurve: ["P-256", "P-521", "secp256k1", "brainpoolP256r1", ""],
};
const NUMBERS = [0, 1, 7, 8, 12, 16, 64, 128, 256, 1_000, 1_024, 65_536, 2 ** 31, 2 ** 32 - 1];
const SECRETS = ["{}", "[]", "null", "7", '"x"', "{", '{"kty":"oct","k":"AAAA"}', '{"kty":"RSA","oth":[]}'];

/** Arguments that have the form of some operation, or nearly so, and mostly make no sense. */
class Forger {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  call(): [op: string, ...args: Flat[]] {
    const method = this.#random.pick(Object.keys(CRYPTO_PARAMETERS)) as CryptoMethod;
    const args: Flat[] = [];
    for (const parameter of CRYPTO_PARAMETERS[method]) args.push(...this.#argument(parameter));
    if (this.#random.int(4) === 0) this.#spoil(args);
    return [`crypto.${method}`, ...args];
  }

  #argument(parameter: string): Flat[] {
    if (parameter === "algorithm" || parameter === "keyAlgorithm") return this.#algorithm();
    if (parameter === "format") return [this.#random.pick(KEY_FORMATS)];
    if (parameter === "usages") return [KEY_USAGES.filter(() => this.#random.int(3) === 0).join(",")];
    if (parameter === "extractable" || parameter === "last") return [this.#random.int(2) === 0];
    if (parameter === "length") return [this.#random.int(4) === 0 ? null : this.#random.pick(NUMBERS)];
    if (parameter === "key" || parameter === "otherKey" || parameter === "hash")
      return [this.#random.int(12)];
    if (parameter === "keyData" && this.#random.int(2) === 0) return [this.#random.pick(SECRETS)];
    return [this.#bytes()];
  }

  #algorithm(): Flat[] {
    const members = Object.entries(MEMBERS).filter(([name]) => name === "name" || this.#random.int(3) === 0);
    const some = members.slice(0, 8);
    const values = some.flatMap(([name, kind]): Flat[] => {
      if (kind === "text") return [name, this.#random.pick(TEXTS[name] ?? [])];
      if (kind === "bytes") return [name, this.#bytes()];
      return [name, kind === "key" ? this.#random.int(30) : this.#random.pick(NUMBERS)];
    });
    return [some.length, ...values];
  }

  #bytes(): Uint8Array {
    return new Uint8Array(this.#random.pick([0, 1, 3, 12, 16, 32, 100, 5_000])).fill(this.#random.int(256));
  }

  #spoil(args: Flat[]): void {
    const at = this.#random.int(args.length);
    const values: Flat[] = [null, -1, 1e300, NaN, "__proto__", "x".repeat(70_000), true, new Uint8Array(1)];
    args.splice(at, this.#random.int(2), this.#random.pick(values));
  }
}

test("CryptoService answers whatever comes with a result or an error of Web Crypto", async () => {
  await using rig = new CryptoRig();
  const tenant = rig.tenant("acme", { cpuMs: 20 });
  for (const name of ["AES-CBC", "AES-CTR", "AES-GCM"])
    await tenant.call("crypto.generateKey", 2, "name", name, "length", 256, true, "encrypt,decrypt,wrapKey");
  await tenant.hmacKey();
  for (const name of ["Ed25519", "Ed448"])
    await tenant.call("crypto.generateKey", 1, "name", name, true, "sign,verify");
  for (const name of ["PBKDF2", "HKDF"])
    await tenant.call("crypto.importKey", "raw", new Uint8Array(9), 1, "name", name, false, "deriveBits");
  const forger = new Forger(7);
  const seen = new Map<string, number>();
  for (let i = 0; i < 100; i++) {
    const failures = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const call = forger.call();
        return await tenant.failure(...call);
      }),
    );
    for (const failure of failures) {
      const name = failure === "" ? "done" : failure.slice(0, failure.indexOf(":"));
      seen.set(name, (seen.get(name) ?? 0) + 1);
      assert.not.match(failure, /[/\\]\w+\.(?:ts|js)|node:/, "no error names a file");
    }
  }
  const allowed = [
    ...["done", "Error", "DataError", "InvalidAccessError", "NotSupportedError", "OperationError"],
    ...["SyntaxError", "TypeError", "RangeError"],
  ];
  assert.equal(
    [...seen.keys()].filter((name) => !allowed.includes(name)),
    [],
  );
  assert.ok((seen.get("done") ?? 0) > 20);
});

test.run();
