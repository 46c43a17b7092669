import { createHash, type Hash, webcrypto } from "node:crypto";
import { types } from "node:util";
import { MEMBERS } from "../../../runtime-api/contract/crypto.ts";
import type { Algorithm } from "./crypto-request.ts";
import type {
  CryptoResult,
  KeyHandle,
  MadeKey,
  ThreadAlgorithm,
  ThreadArgument,
  ToCryptoThread,
} from "./crypto-thread-messages.ts";

type CryptoKey = webcrypto.CryptoKey;
type Method = (...args: unknown[]) => Promise<unknown>;

/** Names of errors that Web Crypto gives; any other becomes an `OperationError` without its text. */
const ERRORS: ReadonlySet<string> = new Set([
  "DataError",
  "InvalidAccessError",
  "NotSupportedError",
  "OperationError",
  "QuotaExceededError",
  "RangeError",
  "SyntaxError",
  "TypeError",
]);
const HASHES: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/** All keys and digests under way of all isolates, by handle, and what is done with them. Runs in the crypto thread. */
export class CryptoKeys {
  readonly #keys = new Map<number, CryptoKey>();
  readonly #hashes = new Map<number, Hash>();

  /** Does an operation. Never rejects. */
  async run(message: Exclude<ToCryptoThread, { type: "free" }>): Promise<CryptoResult> {
    try {
      if (message.type === "hash") return { ok: true, value: this.#hash(message) };
      const { method, args, handles } = message;
      const subtle = webcrypto.subtle as unknown as Record<string, Method>;
      const result = await subtle[method]!(
        ...args.map((argument, at) => this.#argument(method, argument, at)),
      );
      return this.#result(result, handles);
    } catch (error) {
      return failure(error);
    }
  }

  free(handles: readonly number[]): void {
    for (const handle of handles) {
      this.#keys.delete(handle);
      this.#hashes.delete(handle);
    }
  }

  #hash({ handle, begin, data, last }: ToCryptoThread & { type: "hash" }): Uint8Array | null {
    const hash = begin === null ? this.#hashes.get(handle) : createHash(HASHES[begin] ?? "");
    if (hash === undefined) throw new DOMException("The digest does not exist any more.", "OperationError");
    hash.update(data);
    if (!last) {
      this.#hashes.set(handle, hash);
      return null;
    }
    this.#hashes.delete(handle);
    return new Uint8Array(hash.digest());
  }

  #argument(method: string, argument: ThreadArgument, at: number): unknown {
    if (method === "importKey" && at === 1 && typeof argument === "string")
      return JSON.parse(argument) as unknown;
    if (typeof argument !== "object" || argument === null) return argument;
    if (argument instanceof Uint8Array || Array.isArray(argument)) return argument;
    if ("handle" in argument) return this.#key(argument as KeyHandle);
    const algorithm = argument as ThreadAlgorithm;
    const other = algorithm["public"];
    return other === undefined ? algorithm : { ...algorithm, public: this.#key(other as KeyHandle) };
  }

  #key({ handle }: KeyHandle): CryptoKey {
    const key = this.#keys.get(handle);
    if (key === undefined) throw new DOMException("The key does not exist any more.", "OperationError");
    return key;
  }

  #result(result: unknown, [first, second]: readonly [number, number]): CryptoResult {
    if (typeof result === "boolean") return { ok: true, value: result };
    if (result instanceof ArrayBuffer) return { ok: true, value: new Uint8Array(result) };
    if (isKey(result)) return { ok: true, keys: [this.#keep(result, first)] };
    const pair = result as { publicKey?: CryptoKey; privateKey?: CryptoKey };
    if (isKey(pair.publicKey) && isKey(pair.privateKey))
      return { ok: true, keys: [this.#keep(pair.publicKey, first), this.#keep(pair.privateKey, second)] };
    return { ok: true, value: JSON.stringify(result) };
  }

  #keep(key: CryptoKey, handle: number): MadeKey {
    this.#keys.set(handle, key);
    const { type, extractable, usages } = key;
    return { type, extractable, usages: [...usages], algorithm: flatAlgorithm(key.algorithm) };
  }
}

function isKey(value: unknown): value is CryptoKey {
  return types.isCryptoKey(value);
}

/** A key's algorithm with nothing in it but texts, numbers and bytes. */
function flatAlgorithm(algorithm: object): Algorithm {
  const flat: Record<string, string | number | Uint8Array> = {};
  for (const [member, value] of Object.entries(algorithm)) {
    if (!Object.hasOwn(MEMBERS, member)) continue;
    if (member === "hash") flat[member] = (value as { name: string }).name;
    else flat[member] = value instanceof Uint8Array ? new Uint8Array(value) : (value as string | number);
  }
  return flat as Algorithm;
}

function failure(error: unknown): CryptoResult {
  const { name, message } = error as { name?: unknown; message?: unknown };
  const known = (error instanceof DOMException || error instanceof TypeError) && ERRORS.has(String(name));
  if (!known) return { ok: false, name: "OperationError", message: "The operation failed." };
  return { ok: false, name: String(name), message: String(message) };
}
