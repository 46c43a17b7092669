import { ApiError, Code } from "../api-error.ts";
import type { BodyShare } from "./body-budget.ts";

/** A request, and the memory that it holds. */
export interface BodyContext {
  readonly req: { readonly raw: Request };
  get(name: "bodyShare"): BodyShare;
}

/**
 * The body of a request in one piece.
 * @throws ApiError 413 if it has more than `mostBytes`, what comes after them is not read; 429 if all bodies together
 *   take too much
 */
export async function readBody(context: BodyContext, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const request = context.req.raw;
  const share = context.get("bodyShare");
  if (Number(request.headers.get("content-length")) > mostBytes) throw tooLarge(mostBytes);
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of request.body ?? []) {
    sizeBytes += piece.length;
    if (sizeBytes > mostBytes) throw tooLarge(mostBytes);
    share.add(piece.length);
    pieces.push(piece);
  }
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function tooLarge(mostBytes: number): ApiError {
  return new ApiError(413, Code.tooLarge, `The request body is too large: at most ${mostBytes} bytes`);
}
