import { reflectApply } from "../primordials/object.ts";
import type { Callback, Engine } from "./engine.ts";
import { isLive, makeToken } from "./token.ts";
import type { Piece } from "./token.ts";

/** Whether a handler gave something to wait for. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject && typeof (value as { then?: unknown }).then === "function";
}

/**
 * Makes of a worker's handler what the parser calls. The token that the handler gets is good until it returns, or
 * the promise that it gives settles, for which the parser waits. An error of any handler fails the rewriter: no
 * handler is called after it.
 *
 * @param kind prefix of the binary's exports for the token
 * @param self what the handler is called on
 */
export function handlerCallback(
  engine: Engine,
  kind: string,
  Token: new () => object,
  self: unknown,
  handler: Function,
): Callback {
  return (pointer) => {
    if (engine.failure !== undefined) throw engine.failure.reason;
    const piece: Piece = { engine, pointer: pointer as number, era: engine.era, kind };
    try {
      const returned: unknown = reflectApply(handler, self, [makeToken(Token, piece)]);
      if (isThenable(returned)) return settle(piece, returned);
    } catch (error) {
      engine.fail(error);
      forget(piece);
      throw error;
    }
    forget(piece);
    return undefined;
  };
}

/** Never rejects: the parser goes on to where the next handler would be called, and ends there. */
async function settle(piece: Piece, returned: PromiseLike<unknown>): Promise<void> {
  try {
    await returned;
  } catch (error) {
    if (isLive(piece)) piece.engine.fail(error);
  }
  forget(piece);
}

function forget(piece: Piece): void {
  const { engine, pointer } = piece;
  const isGone = !isLive(piece) || engine.isBroken;
  piece.pointer = 0;
  if (!isGone) engine.call(`__wbg_${piece.kind}_free`, pointer);
}
