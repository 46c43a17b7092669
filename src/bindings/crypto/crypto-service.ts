import { availableParallelism } from "node:os";
import {
  CRYPTO_FREE,
  CRYPTO_OP,
  CRYPTO_PARAMETERS,
  FREED_AT_ONCE,
} from "../../../runtime-api/contract/crypto.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { CallError, type CallContext, type IsolateScope } from "../binding.ts";
import { AccountBudget } from "./account-budget.ts";
import { cryptoCostUs, digestCostUs } from "./crypto-cost.ts";
import { requireAllowed } from "./crypto-limits.ts";
import { type Algorithm, type CryptoParts, type CryptoRequest, readCryptoRequest } from "./crypto-request.ts";
import { CryptoThread, type CryptoWork } from "./crypto-thread.ts";
import type { CryptoResult, MadeKey, ThreadAlgorithm, ThreadArgument } from "./crypto-thread-messages.ts";
import { FairQueue, type QueuePlaces } from "./fair-queue.ts";
import { type KeyFacts, keyFacts, keyWeight } from "./key-facts.ts";
import { KeyCount } from "./key-count.ts";
import { DIGEST_WEIGHT, KeyRing } from "./key-ring.ts";

/** Operations that cost more than this have to leave places to others. */
const LONG_US = 20_000;

/** Does Web Crypto's operations for isolates, and holds their keys. */
export class CryptoService {
  readonly #rings = new WeakMap<IsolateScope, KeyRing>();
  /** The rings of isolates that live. */
  readonly #live = new Map<KeyRing, IsolateScope>();
  readonly #thread = new CryptoThread(() => this.#keysLost());
  readonly #budget = new AccountBudget();
  readonly #count = new KeyCount();
  readonly #queue: FairQueue;

  constructor(places: QueuePlaces = defaultPlaces()) {
    this.#queue = new FairQueue(places);
  }

  /**
   * Answers a call whose op begins with `crypto.`; see `runtime-api/contract/crypto.ts`.
   * @throws CallError with the name that Web Crypto gives the error
   */
  async call(op: string, args: readonly Flat[], context: CallContext): Promise<readonly Flat[]> {
    const ring = this.#ringOf(context.isolate);
    if (op === CRYPTO_FREE) {
      this.#free(ring, args);
      return [];
    }
    const request = readCryptoRequest(op.slice(CRYPTO_OP.length), args);
    requireAllowed(request, context.limits);
    if (request.method === "hash") return await this.#hash(request, ring, context);
    const { key, otherKey } = request.parts;
    const costUs = cryptoCostUs(request, {
      key: key === undefined ? undefined : ring.key(key).facts,
      otherKey: otherKey === undefined ? undefined : ring.key(otherKey).facts,
    });
    const coming = comingKeys(request);
    const unreserve = coming.length > 0 ? ring.reserve(coming) : undefined;
    const places: (() => void)[] = [];
    let kept = 0;
    try {
      // Places are taken before there is anything to keep: one or two keys come of it.
      for (const facts of coming.length === 1 ? [...coming, ...coming] : coming)
        places.push(this.#count.take(context.account, keyWeight(facts)));
      const handles = [this.#thread.newHandle(), this.#thread.newHandle()] as const;
      const threadArgs = threadArguments(request, ring);
      const work: CryptoWork = { type: "run", method: request.method, args: threadArgs, handles };
      const result = await this.#run(work, request, costUs, ring, context);
      if (!("keys" in result)) return [result.value];
      this.#requireWanted(handles, ring, context);
      return result.keys.flatMap((made, i) => this.#keep(made, handles[i]!, request, ring, places[kept++]!));
    } finally {
      unreserve?.();
      for (const release of places.slice(kept)) release();
    }
  }

  /** Ends the thread as a fault would, with all keys. */
  async killThread(): Promise<void> {
    await this.#thread.kill();
  }

  /** Ends the thread; operations under way fail. */
  async close(): Promise<void> {
    await this.#thread.close();
  }

  async #hash(request: CryptoRequest, ring: KeyRing, context: CallContext): Promise<readonly Flat[]> {
    const { hash = 0, algorithm, data = new Uint8Array(), last = false } = request.parts;
    const begins = hash === 0;
    const unreserve = begins ? ring.reserve([undefined]) : undefined;
    let release: (() => void) | undefined;
    let kept = false;
    try {
      if (begins) release = this.#count.take(context.account, DIGEST_WEIGHT);
      const held = begins ? undefined : ring.digest(hash);
      const handle = held?.handle ?? this.#thread.newHandle();
      // Later pieces go into the digest that was begun, whatever they name.
      const name = held === undefined ? (algorithm?.name ?? "") : (held.digest ?? "");
      const begin = begins ? name : null;
      const costUs = digestCostUs(name, request.bytes);
      const work: CryptoWork = { type: "hash", handle, begin, data, last };
      const result = await this.#run(work, request, costUs, ring, context);
      if (last) ring.remove(hash);
      if (!("value" in result)) throw new CallError("OperationError", "The operation failed.");
      if (last) return [result.value];
      if (!begins) return [hash];
      this.#requireWanted([handle], ring, context);
      kept = true;
      return [ring.add({ handle, facts: undefined, digest: name, release: release! })];
    } finally {
      unreserve?.();
      if (!kept) release?.();
    }
  }

  /** Forgets what was made for nobody. @throws CallError if the event or isolate is gone */
  #requireWanted(handles: readonly number[], ring: KeyRing, { signal }: CallContext): void {
    if (!signal.aborted && !ring.gone) return;
    this.#thread.free(handles);
    throw new CallError("OperationError", "Nobody waits for the key any more.");
  }

  /** Waits for a place, charges the event, and has the thread do it. */
  async #run(
    work: CryptoWork,
    request: CryptoRequest,
    costUs: number,
    ring: KeyRing,
    context: CallContext,
  ): Promise<CryptoResult & { ok: true }> {
    if (costUs > context.limits.cpuMs * 1_000) {
      // The event cannot pay for it: it ends at once, and nobody works in vain.
      context.charge(costUs);
      throw new CallError("OperationError", "The operation needs more CPU time than the event may use.");
    }
    ring.enter(request.bytes);
    try {
      this.#budget.enter(context.account, request.bytes);
    } catch (error) {
      ring.leave(request.bytes);
      throw error;
    }
    try {
      const leave = await this.#queue.enter(context.account, costUs > LONG_US, context.signal);
      try {
        context.charge(costUs);
        const { data } = request.parts;
        const result = await this.#thread.run(work, data === undefined ? [] : [data]);
        if (!result.ok) throw new CallError(result.name, result.message);
        return result;
      } finally {
        leave();
      }
    } finally {
      ring.leave(request.bytes);
      this.#budget.leave(context.account, request.bytes);
    }
  }

  #keep(
    made: MadeKey,
    handle: number,
    { parts }: CryptoRequest,
    ring: KeyRing,
    release: () => void,
  ): readonly Flat[] {
    const material = parts.keyData ?? parts.data;
    const facts = keyFacts(made.algorithm, material?.length ?? 0);
    return [
      ring.add({ handle, facts, release }),
      made.type,
      made.extractable,
      made.usages.join(","),
      ...flatAlgorithm(made.algorithm),
    ];
  }

  #free(ring: KeyRing, numbers: readonly Flat[]): void {
    if (numbers.length > FREED_AT_ONCE) throw new CallError("Error", "malformed operation");
    const handles = numbers.map((number) => ring.remove(Number(number)));
    this.#thread.free(handles.filter((handle) => handle !== undefined));
  }

  /** Isolates keep numbers of keys that mean nothing any more: others, which make their keys anew, take their place. */
  #keysLost(): void {
    for (const [ring, isolate] of [...this.#live]) {
      if (ring.isEmpty) continue;
      ring.clear();
      isolate.goStale();
    }
  }

  #ringOf(isolate: IsolateScope): KeyRing {
    const known = this.#rings.get(isolate);
    if (known !== undefined) return known;
    const ring = new KeyRing();
    this.#rings.set(isolate, ring);
    this.#live.set(ring, isolate);
    isolate.whenGone(() => {
      this.#live.delete(ring);
      ring.gone = true;
      this.#thread.free(ring.clear());
    });
    return ring;
  }
}

/** What is known beforehand of the keys that an operation makes; none if it makes no keys. */
function comingKeys({ method, parts }: CryptoRequest): readonly KeyFacts[] {
  const algorithm = parts.keyAlgorithm ?? parts.algorithm;
  if (!("extractable" in parts) || algorithm === undefined) return [];
  const facts = keyFacts(algorithm, (parts.keyData ?? parts.data)?.length ?? 0);
  return method === "generateKey" && !/^(?:AES|HMAC)/.test(algorithm.name) ? [facts, facts] : [facts];
}

/** The arguments of the method, with handles in the place of the isolate's numbers. */
function threadArguments({ method, parts }: CryptoRequest, ring: KeyRing): ThreadArgument[] {
  return CRYPTO_PARAMETERS[method].map((parameter) => {
    if (parameter === "key" || parameter === "otherKey") {
      return { handle: ring.key(parts[parameter] ?? 0).handle };
    }
    if (parameter === "algorithm" || parameter === "keyAlgorithm")
      return threadAlgorithm(parts[parameter], ring);
    return parts[parameter as keyof CryptoParts] as ThreadArgument;
  });
}

function threadAlgorithm(algorithm: Algorithm | undefined, ring: KeyRing): ThreadAlgorithm {
  const other = algorithm?.["public"];
  if (typeof other !== "number") return { ...algorithm };
  return { ...algorithm, public: { handle: ring.key(other).handle } };
}

function flatAlgorithm(algorithm: Algorithm): readonly Flat[] {
  const members = Object.entries(algorithm);
  return [members.length, ...members.flat()];
}

/**
 * Node's thread pool is the whole process's: one of its threads stays free for files and names, and half of the rest for
 * short operations.
 */
function defaultPlaces(): QueuePlaces {
  const threads = Number(process.env["UV_THREADPOOL_SIZE"] ?? 4) || 4;
  const places = Math.max(1, Math.min(threads - 1, Math.max(2, availableParallelism())));
  return { places, longPlaces: Math.max(1, Math.floor(places / 2)) };
}
