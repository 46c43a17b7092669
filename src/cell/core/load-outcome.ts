import {
  HANDLER_CHARS,
  HANDLERS_PER_WORKER,
  LOG_LINES_PER_EVENT,
} from "../../../runtime-api/contract/bounds.ts";
import { Out, type OutMessage } from "../../../runtime-api/contract/out.ts";
import type { ErrorText, LoadFailure } from "../cell.ts";
import { decodeOut } from "../protocol/out-codec.ts";
import { Violation } from "../protocol/violation.ts";

/** How the runtime's message begins when a top level awaits what can never settle. */
const HUNG_MESSAGE = "The script's top level awaits";

/** What the first turn of an isolate said. */
export type LoadOutcome = { readonly logs: OutMessage[] } & (
  | { readonly ok: true; readonly handlers: readonly string[] }
  | { readonly ok: false; readonly reason: LoadFailure; readonly error: ErrorText }
);

/**
 * Reads the output of the turn that evaluated a version.
 * @throws Violation if it is not what §3, "Event 0", allows
 */
export function loadOutcome(output: unknown): LoadOutcome {
  const logs: OutMessage[] = [];
  let end: OutMessage | undefined;
  for (const message of decodeOut(output)) {
    if (message.event !== 0) throw new Violation("an event during the load");
    if (message.type === Out.log || message.type === Out.exception) logs.push(message);
    else if (message.type === Out.loaded || message.type === Out.loadFailed) {
      if (end !== undefined) throw new Violation("a load that ends twice");
      end = message;
    } else if (message.type !== Out.slice)
      throw new Violation(`a record of type ${message.type} during the load`);
  }
  if (logs.length > 2 * LOG_LINES_PER_EVENT) throw new Violation("too many log lines");
  if (end?.type === Out.loaded) return { ok: true, handlers: handlerNames(end.handlersJson), logs };
  if (end?.type !== Out.loadFailed) throw new Violation("a load that does not end");
  const { name, message, stack } = end;
  const reason = message.startsWith(HUNG_MESSAGE) ? "hung" : "exception";
  return { ok: false, reason, error: { name, message, stack }, logs };
}

function handlerNames(json: string): readonly string[] {
  let names: unknown;
  try {
    names = JSON.parse(json);
  } catch {
    throw new Violation("handlers are no JSON");
  }
  if (!Array.isArray(names) || names.length > HANDLERS_PER_WORKER)
    throw new Violation("handlers are no short array");
  return names.map((name: unknown) => {
    if (typeof name !== "string" || name.length > HANDLER_CHARS)
      throw new Violation("a handler's name is no short text");
    return name;
  });
}
