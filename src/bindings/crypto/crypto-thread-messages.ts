import type { CryptoMethod } from "../../../runtime-api/contract/crypto.ts";
import type { Algorithm } from "./crypto-request.ts";

/** Stands for a key that the thread holds. */
export interface KeyHandle {
  readonly handle: number;
}

/** An algorithm for the thread: `public` is a key. */
export type ThreadAlgorithm = Readonly<Record<string, string | number | Uint8Array | KeyHandle>>;

/** An argument of one of `SubtleCrypto`'s methods. */
export type ThreadArgument =
  | ThreadAlgorithm
  | KeyHandle
  | Uint8Array
  | string
  | readonly string[]
  | number
  | boolean
  | null;

/** From the host to the thread. */
export type ToCryptoThread =
  | {
      readonly type: "run";
      readonly id: number;
      readonly method: Exclude<CryptoMethod, "hash">;
      readonly args: readonly ThreadArgument[];
      /** Under what the keys that come of it are kept. */
      readonly handles: readonly [number, number];
    }
  | {
      readonly type: "hash";
      readonly id: number;
      readonly handle: number;
      /** Begins a digest by this algorithm under the handle. */
      readonly begin: string | null;
      readonly data: Uint8Array;
      readonly last: boolean;
    }
  | { readonly type: "free"; readonly handles: readonly number[] };

/** A key that the thread made. */
export interface MadeKey {
  readonly type: string;
  readonly extractable: boolean;
  readonly usages: readonly string[];
  readonly algorithm: Algorithm;
}

/** What came of an operation. */
export type CryptoResult =
  | { readonly ok: true; readonly value: Uint8Array | boolean | string | null }
  | { readonly ok: true; readonly keys: readonly MadeKey[] }
  | { readonly ok: false; readonly name: string; readonly message: string };

/** From the thread to the host. */
export type FromCryptoThread = { readonly id: number; readonly result: CryptoResult };
