import { RUNTIME_SLOT } from "../../contract/boot.ts";
import { CRYPTO_OP } from "../../contract/crypto.ts";
import type { Flat } from "../../contract/flat.ts";
import { io } from "../../io/io.ts";
import { bytesCopy, typedBuffer, typedLength } from "../../primordials/bytes.ts";
import { freeLost, type HostObject, hostObject } from "../crypto-key.ts";

/** Bytes that one call carries. */
export const PIECE_BYTES: number = 4 * 1024 * 1024;

/** A digest that the host computes piece by piece, so that nothing has to be in the isolate all at once. */
export class DigestUnderWay {
  readonly #name: string;
  #host: HostObject | undefined;

  /** @param name registered name of the digest */
  constructor(name: string) {
    this.#name = name;
  }

  /** Adds bytes, which are the host's from then on. One call at a time. */
  async add(bytes: Uint8Array): Promise<void> {
    const values = await this.#call(bytes, false);
    this.#host ??= hostObject(values[0] as number);
  }

  /** Adds the last bytes and gives the digest. */
  async end(bytes: Uint8Array): Promise<ArrayBuffer> {
    const values = await this.#call(bytes, true);
    return typedBuffer(values[0] as Uint8Array) as ArrayBuffer;
  }

  #call(bytes: Uint8Array, last: boolean): Promise<readonly Flat[]> {
    const args = [this.#host?.number ?? 0, 1, "name", this.#name, bytes, last];
    const { promise } = io.call(RUNTIME_SLOT, `${CRYPTO_OP}hash`, args);
    freeLost();
    return promise;
  }
}

/** The digest of bytes that are too many for one call. They are copied now. */
export async function digestPieces(name: string, bytes: Uint8Array): Promise<ArrayBuffer> {
  const copy = bytesCopy(bytes);
  const digest = new DigestUnderWay(name);
  let at = 0;
  for (; typedLength(copy) - at > PIECE_BYTES; at += PIECE_BYTES)
    await digest.add(bytesCopy(copy, at, at + PIECE_BYTES));
  return await digest.end(bytesCopy(copy, at));
}
