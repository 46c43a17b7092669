import { Invocations } from "../../../src/limits/invocations.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { CallError, type CallContext } from "../../../src/bindings/binding.ts";
import { CryptoService } from "../../../src/bindings/crypto/crypto-service.ts";
import type { QueuePlaces } from "../../../src/bindings/crypto/fair-queue.ts";
import { DEFAULT_LIMITS } from "../../../src/limits/defaults.ts";
import type { Limits } from "../../../src/limits/limits.ts";

/** One isolate that asks the service, as the host asks it. */
export class CryptoTenant {
  readonly #service: CryptoService;
  readonly #account: string;
  readonly #limits: Limits;
  readonly #releases: (() => void)[] = [];
  readonly #scope = {
    whenGone: (release: () => void) => void this.#releases.push(release),
    goStale: () => void this.stale++,
  };
  /** How often it was told that its keys are lost. */
  stale = 0;
  readonly abort: AbortController = new AbortController();
  chargedUs = 0;

  constructor(service: CryptoService, account: string, limits: Partial<Limits>) {
    this.#service = service;
    this.#account = account;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  async call(op: string, ...args: Flat[]): Promise<readonly Flat[]> {
    return await this.#service.call(op, args, this.#context());
  }

  /** The name and message of the error of a call; empty if it is done. */
  async failure(op: string, ...args: Flat[]): Promise<string> {
    try {
      await this.call(op, ...args);
      return "";
    } catch (error) {
      if (this.abort.signal.aborted) return "aborted";
      // Anything else would be a fault of the host's.
      if (!(error instanceof CallError)) throw error;
      return `${error.errorName}: ${error.message}`;
    }
  }

  /** An HMAC key for signing; gives its number. */
  async hmacKey(): Promise<number> {
    const values = await this.call("crypto.generateKey", 2, "name", "HMAC", "hash", "SHA-256", false, "sign");
    return Number(values[0]);
  }

  /** The isolate is gone. */
  leave(): void {
    for (const release of this.#releases.splice(0)) release();
  }

  #context(): CallContext {
    return {
      event: this,
      depth: 0,
      invocations: new Invocations(),
      account: this.#account,
      worker: "worker",
      versionId: "v1",
      limits: this.#limits,
      isolate: this.#scope,
      signal: this.abort.signal,
      charge: (cpuUs) => void (this.chargedUs += cpuUs),
      openSocket: () => 0,
      openStream: () => 0,
      readBody: () => null,
    };
  }
}

/** A service whose thread ends with the test. */
export class CryptoRig {
  readonly service: CryptoService;

  constructor(places?: QueuePlaces) {
    this.service = new CryptoService(places);
  }

  tenant(account = "acme", limits: Partial<Limits> = {}): CryptoTenant {
    return new CryptoTenant(this.service, account, limits);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service.close();
  }
}
