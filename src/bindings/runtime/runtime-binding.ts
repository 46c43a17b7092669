import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { Op } from "../../../runtime-api/contract/calls.ts";
import { CRYPTO_OP } from "../../../runtime-api/contract/crypto.ts";
import type { Egress } from "../../egress/egress.ts";
import { EgressError } from "../../egress/egress-error.ts";
import type { ResponseCache } from "../../cache/response-cache.ts";
import { answerCacheCall, isCacheOp } from "../cache/cache-calls.ts";
import { isSafeMethod } from "../safe-method.ts";
import { type Binding, CallError, type CallContext } from "../binding.ts";
import type { CryptoService } from "../crypto/crypto-service.ts";

/** Answers slot 0, which every version has: outbound fetch, the Cache API, cryptography. (Digests are answered inside the cell.) */
export function createRuntimeBinding(egress: Egress, cache: ResponseCache, crypto: CryptoService): Binding {
  return {
    async call(op: string, args: readonly Flat[], context: CallContext): Promise<readonly Flat[]> {
      if (isCacheOp(op)) return await answerCacheCall(cache, op, args, context);
      if (op.startsWith(CRYPTO_OP)) return await crypto.call(op, args, context);
      if (op !== Op.fetch && op !== Op.connect)
        throw new CallError("Error", `the runtime has no operation "${op}"`);
      try {
        return op === Op.fetch ? await egress.fetch(args, context) : await egress.connect(args, context);
      } catch (error) {
        if (error instanceof EgressError) throw new CallError(error.errorName, error.message);
        throw error;
      }
    },
    isSubrequest: (op) => !op.startsWith(CRYPTO_OP),
    writes: (op, [method]) =>
      op !== Op.cacheMatch && !op.startsWith(CRYPTO_OP) && !(op === Op.fetch && isSafeMethod(method)),
  };
}
