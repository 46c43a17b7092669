import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { Op } from "../../../runtime-api/contract/calls.ts";
import type { Egress } from "../../egress/egress.ts";
import { EgressError } from "../../egress/egress-error.ts";
import type { ResponseCache } from "../../cache/response-cache.ts";
import { answerCacheCall, isCacheOp } from "../cache/cache-calls.ts";
import { type Binding, CallError, type CallContext } from "../binding.ts";

/** Answers slot 0, which every version has: outbound fetch and the Cache API. (Digests are answered inside the cell.) */
export function createRuntimeBinding(egress: Egress, cache: ResponseCache): Binding {
  return {
    async call(op: string, args: readonly Flat[], context: CallContext): Promise<readonly Flat[]> {
      if (isCacheOp(op)) return await answerCacheCall(cache, op, args, context);
      if (op !== Op.fetch) throw new CallError("Error", `the runtime has no operation "${op}"`);
      try {
        return await egress.fetch(args, context);
      } catch (error) {
        if (error instanceof EgressError) throw new CallError(error.errorName, error.message);
        throw error;
      }
    },
  };
}
