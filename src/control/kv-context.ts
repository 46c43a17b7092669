import type { Flat } from "../../runtime-api/contract/flat.ts";
import type { CallContext } from "../bindings/binding.ts";
import { Invocations } from "../limits/invocations.ts";
import { DEFAULT_LIMITS } from "../limits/defaults.ts";
import type { Limits } from "../limits/limits.ts";

const encoder = new TextEncoder();

/** Stands in for a worker's event where the host itself asks a KV namespace. */
export class KvContext implements CallContext {
  readonly account: string;
  readonly worker = "";
  readonly versionId = "";
  readonly limits: Limits = DEFAULT_LIMITS;
  readonly event = {};
  readonly depth = 0;
  readonly invocations: Invocations = new Invocations();
  readonly isolate = { whenGone: (): void => {}, goStale: (): void => {} };
  readonly signal: AbortSignal = AbortSignal.any([]);
  #stream: ReadableStream<Uint8Array> | undefined;

  constructor(account: string) {
    this.account = account;
  }

  charge(): void {}

  openStream(source: ReadableStream<Uint8Array>): number {
    this.#stream = source;
    return 0;
  }

  openSocket(): never {
    throw new Error("KV opens no connections");
  }

  readBody(_kind: Flat | undefined, value: Flat | undefined): Uint8Array | null {
    return value instanceof Uint8Array ? value : null;
  }

  /** A value that came back: whole, or through the stream that was opened for it. */
  async bytes(value: Flat | undefined): Promise<Uint8Array> {
    if (this.#stream !== undefined) return await new Response(this.#stream).bytes();
    if (typeof value === "string") return encoder.encode(value);
    return value instanceof Uint8Array ? value : new Uint8Array(0);
  }
}
