import { Op } from "../../../runtime-api/contract/calls.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { MAX_INVOCATIONS } from "../../limits/invocations.ts";
import { type Binding, CallError, type CallContext } from "../binding.ts";
import { isSafeMethod } from "../safe-method.ts";
import {
  type AskRequest,
  connectWithin,
  dropBody,
  followRequest,
  type ServiceAnswer,
  type ServiceRequest,
} from "./follow-request.ts";

/** Which worker a binding leads to. */
export interface ServiceTarget {
  readonly account: string;
  readonly worker: string;
  /** A named export; the empty name is the default one. */
  readonly entrypoint: string;
  /** JSON of `ctx.props`. */
  readonly propsJson: string;
}

/** Asks a worker, or says that it is not there (null). `failure` says how it failed to answer. */
export type AskService = (
  target: ServiceTarget,
  request: ServiceRequest,
) => Promise<(ServiceAnswer & { readonly failure: string | null }) | null>;

/**
 * A binding that leads to another worker of the account, without leaving the host.
 * @param ask handed in by the layers above, which know the workers
 */
export function createServiceBinding(target: ServiceTarget, ask: AskService): Binding {
  const { worker } = target;
  const mustAsk: AskRequest = async (request) => {
    if (!request.invocations.take())
      throw new CallError(
        "Error",
        `Too many Worker invocations: one request may call ${MAX_INVOCATIONS} workers in all.`,
      );
    const answer = await ask(target, request);
    if (answer === null)
      throw new CallError(
        "Error",
        `The worker "${worker}" that this service binding leads to is not deployed.`,
      );
    if (answer.failure === null) return answer;
    dropBody(answer);
    throw new CallError("Error", `The worker "${worker}" failed to answer: ${answer.failure}`);
  };
  return {
    async call(op: string, args: readonly Flat[], context: CallContext): Promise<readonly Flat[]> {
      if (op === Op.fetch) return await followRequest(args, context, mustAsk);
      if (op === Op.connect) return await connectWithin(args, context, mustAsk);
      throw new CallError("TypeError", `a service has no operation "${op.slice(0, 64)}"`);
    },
    writes: (op, [method]) => !(op === Op.fetch && isSafeMethod(method)),
  };
}
