import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { Op } from "../../../runtime-api/contract/calls.ts";
import { type Binding, CallError, type CallContext } from "../binding.ts";
import { followRequest } from "../service/follow-request.ts";
import type { CallGate } from "./call-gate.ts";
import { decodeArgs } from "./decode-args.ts";
import { BadAnswer, encodeAnswer } from "./encode-answer.ts";
import { BindingError, type BindingCall, type BindingCaller } from "./plug-in.ts";
import { askPlugIn } from "./plug-in-fetch.ts";
import { sealedStream } from "./sealed-stream.ts";
import type { ReadyPlugIn } from "./ready-plug-in.ts";

/** Longest text of an error that a worker sees. */
const ERROR_CHARS = 4 * 1024;

/**
 * A binding whose calls a plug-in of the embedder answers.
 * @param plugIn null where the host has none any more: a version that was deployed with it says so when it is called
 * @param fault told of errors that the worker does not see
 */
export function createPlugInBinding(
  target: Omit<BindingCaller, "versionId" | "worker">,
  plugIn: ReadyPlugIn | null,
  gate: CallGate,
  fault: (error: unknown) => void,
): Binding {
  return {
    async call(op: string, args: readonly Flat[], context: CallContext): Promise<readonly Flat[]> {
      if (plugIn === null)
        throw new CallError("Error", `This host has no plug-in for bindings of the type "${target.type}"`);
      const run = async <T>(bytes: number, job: (call: BindingCall) => T): Promise<Awaited<T>> =>
        await guarded({ target, plugIn, gate, fault, context }, bytes, job);
      if (op === Op.fetch && plugIn.fetch !== undefined)
        return await followRequest(
          args,
          context,
          askPlugIn(plugIn.fetch, fault, (job) => run(0, job)),
        );
      if (op !== Op.invoke) throw new CallError("TypeError", "The binding has no such operation");
      return await invoke(plugIn, args, context, run, fault);
    },
  };
}

type Run = <T>(bytes: number, job: (call: BindingCall) => T) => Promise<Awaited<T>>;

async function invoke(
  { answer: answerCall, methods, oneWay }: ReadyPlugIn,
  [method, json, ...parts]: readonly Flat[],
  context: CallContext,
  run: Run,
  fault: (error: unknown) => void,
): Promise<readonly Flat[]> {
  const isOneWay = oneWay.includes(method as string);
  if (typeof method !== "string" || (!isOneWay && !methods.includes(method)))
    throw new CallError("TypeError", "The binding has no such method");
  const { args, sizeBytes } = charged(context, () => decodeArgs(json, parts));
  const answer = await run(sizeBytes, (call) => answerCall(method, args, call));
  if (isOneWay) return [BodyKind.none, null, ""];
  if (answer instanceof ReadableStream)
    return [BodyKind.stream, context.openStream(sealedStream(answer as ReadableStream<Uint8Array>, fault))];
  return [BodyKind.none, null, ...charged(context, () => encodeAnswer(answer))];
}

interface Guard {
  readonly target: Omit<BindingCaller, "versionId" | "worker">;
  readonly plugIn: ReadyPlugIn;
  readonly gate: CallGate;
  readonly fault: (error: unknown) => void;
  readonly context: CallContext;
}

/** Runs a call of the plug-in within its bounds; of its errors only those meant for workers get out. */
async function guarded<T>(
  { target, plugIn, gate, fault, context }: Guard,
  bytes: number,
  job: (call: BindingCall) => T,
): Promise<Awaited<T>> {
  const { account, worker, versionId } = context;
  const leave = gate.enter(account, bytes);
  const over = new AbortController();
  const { signal } = over;
  const { promise: late, reject } = Promise.withResolvers<never>();
  late.catch(() => {});
  // Both are undone with the call: what they hold, its arguments among it, goes with it and not when the time is over.
  const overdue = setTimeout(() => {
    const error = new BindingError("The binding did not answer in time", "TimeoutError");
    reject(error);
    over.abort(error);
  }, plugIn.timeoutMs).unref();
  const withdraw = (): void => over.abort(context.signal.reason);
  if (context.signal.aborted) withdraw();
  else context.signal.addEventListener("abort", withdraw, { once: true });
  const run = async (): Promise<Awaited<T>> => await job({ ...target, account, worker, versionId, signal });
  try {
    return await Promise.race([run(), late]);
  } catch (error) {
    if (error instanceof CallError) throw error;
    if (error instanceof BindingError)
      throw new CallError(error.name, String(error.message).slice(0, ERROR_CHARS));
    fault(error);
    throw new CallError("Error", `The binding "${target.binding}" failed`);
  } finally {
    clearTimeout(overdue);
    context.signal.removeEventListener("abort", withdraw);
    leave();
  }
}

/** What is read and written for the worker is CPU of its event. */
function charged<T>(context: CallContext, job: () => T): T {
  const startMs = performance.now();
  try {
    return job();
  } catch (error) {
    if (error instanceof BadAnswer)
      throw new CallError("Error", `The binding's answer cannot travel: ${error.message}`);
    throw error;
  } finally {
    context.charge(Math.round((performance.now() - startMs) * 1_000));
  }
}
